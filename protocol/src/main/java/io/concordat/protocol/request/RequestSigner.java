package io.concordat.protocol.request;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.sign.VerifyingKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Signs a node's requests. A request is signed anew each time it is sent: the nonce of one that was
 * lost on the way may have been seen.
 */
public final class RequestSigner {
  static final String LABEL = "node";
  static final int NONCE_BYTES = 16;

  private final String federation;
  private final VerifyingKey key;
  private final UnaryOperator<byte[]> signing;
  private final Randomness randomness;

  /**
   * @param federation bound into each signature, so that one federation's aggregator cannot show a
   *     request to another's
   * @param key the node key's public half
   * @param signing signs a foreign message with the node key
   */
  public RequestSigner(
      String federation, VerifyingKey key, UnaryOperator<byte[]> signing, Randomness randomness) {
    this.federation = federation;
    this.key = key;
    this.signing = signing;
    this.randomness = randomness;
  }

  /**
   * The fields to add to a request.
   *
   * @param target path and query, as they are sent
   * @param body the very bytes of the body; empty if the request has none
   */
  public Map<String, String> sign(
      String method, String target, Optional<byte[]> body, Instant now) {
    Map<String, String> added = new LinkedHashMap<>();
    body.ifPresent(
        bytes -> added.put(ContentDigest.FIELD, ContentDigest.write(Digests.sha256(bytes))));
    List<String> components = new ArrayList<>(List.of("@method", "@path", "@query"));
    if (body.isPresent()) {
      components.add("content-digest");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    randomness.fill(nonce);
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("created", now.getEpochSecond());
    parameters.put("nonce", Base64.getUrlEncoder().withoutPadding().encodeToString(nonce));
    parameters.put("keyid", key.toString());
    parameters.put("alg", "ed25519");
    parameters.put("tag", tag(federation));
    SignatureInput input = new SignatureInput(LABEL, components, parameters);
    Map<String, List<String>> fields = new LinkedHashMap<>();
    added.forEach((name, value) -> fields.put(name, List.of(value)));
    try {
      byte[] base = input.base(RequestHead.of(method, "", target, fields));
      added.put("Signature-Input", input.text());
      added.put("Signature", ByteSequence.write(LABEL, signing.apply(base)));
    } catch (DecodeException e) {
      throw new InvariantViolation("a request of ours has what it signs", e);
    }
    return added;
  }

  static String tag(String federation) {
    return "concordat/" + federation;
  }
}
