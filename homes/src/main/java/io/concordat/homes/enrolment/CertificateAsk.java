package io.concordat.homes.enrolment;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;

/**
 * A request for a certificate with the node key's word for it. The authority's own machine checks
 * that word against the policy, so the aggregator, which carries the request, cannot ask for a
 * certificate in an institution's name.
 *
 * @param request the PKCS#10 request, made and signed with the TLS key
 * @param nodeKey the key that the policy names, or will name, for the institution
 * @param signature by the node key over the request's PEM text
 */
public record CertificateAsk(CertificateRequest request, VerifyingKey nodeKey, byte[] signature) {
  private static final String DOMAIN = "concordat/certificate-request/1";
  private static final int MAX_BYTES = 16 * 1024;
  private static final int SIGNATURE_BYTES = 64;

  public static CertificateAsk sign(
      CertificateRequest request,
      VerifyingKey nodeKey,
      BiFunction<String, byte[], byte[]> signing) {
    return new CertificateAsk(request, nodeKey, signing.apply(DOMAIN, bytes(request)));
  }

  private static byte[] bytes(CertificateRequest request) {
    return request.toPem().getBytes(StandardCharsets.US_ASCII);
  }

  public byte[] json() {
    return JsonObject.builder()
        .put("request", request.toPem())
        .put("nodeKey", nodeKey.toString())
        .put("signature", signature)
        .build()
        .bytes();
  }

  /**
   * Reads one that somebody sent.
   *
   * @throws DecodeException unless both signatures in it hold
   */
  public static CertificateAsk read(byte[] json) throws DecodeException {
    if (json.length > MAX_BYTES) {
      throw new DecodeException("a request has at most " + MAX_BYTES + " bytes");
    }
    JsonObject o = CanonicalJson.readObject(json).only("request", "nodeKey", "signature");
    CertificateRequest request = CertificateRequest.fromPem(o.string("request"));
    VerifyingKey key = VerifyingKey.parse(o.string("nodeKey"));
    byte[] signature = o.bytes("signature", SIGNATURE_BYTES);
    if (!key.verify(DOMAIN, bytes(request), signature)) {
      throw new DecodeException("the node key's signature does not hold over the request");
    }
    return new CertificateAsk(request, key, signature);
  }
}
