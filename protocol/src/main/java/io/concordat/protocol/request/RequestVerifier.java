package io.concordat.protocol.request;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds out whose request it is, from its head alone; the body's digest is compared while the body
 * is read ({@link CheckedBody}).
 *
 * <p>Order: what costs nothing first; the signature before the nonce is kept, so that nobody
 * without a node key can fill the window or use up somebody's nonce.
 */
public final class RequestVerifier {
  private static final List<String> COVERED = List.of("@method", "@path", "@query");
  private static final int MAX_NONCE_CHARS = 64;

  private final String federation;
  private final Function<VerifyingKey, Optional<String>> roster;
  private final ReplayWindow window;

  /**
   * @param roster the institution that the policy in force names for a node key
   */
  public RequestVerifier(
      String federation, Function<VerifyingKey, Optional<String>> roster, ReplayWindow window) {
    this.federation = federation;
    this.roster = roster;
    this.window = window;
  }

  public RequestCheck check(RequestHead request, Instant now) {
    try {
      return checked(request, now);
    } catch (DecodeException bad) {
      return refused(Code.REQUEST_SIGNATURE, String.valueOf(bad.getMessage()));
    }
  }

  private RequestCheck checked(RequestHead request, Instant now) throws DecodeException {
    Optional<String> field = request.only("signature-input");
    Optional<String> signatureField = request.only("signature");
    if (field.isEmpty() || signatureField.isEmpty()) {
      return refused(
          Code.REQUEST_SIGNATURE, "expected one Signature-Input and one Signature field");
    }
    SignatureInput input = SignatureInput.parse(field.get());
    boolean body = request.fields().containsKey("content-digest");
    requireForm(input, request, body);
    VerifyingKey key = VerifyingKey.parse(input.string("keyid").orElse(""));
    Optional<String> institution = roster.apply(key);
    if (institution.isEmpty()) {
      return refused(
          Code.REQUEST_SIGNATURE, key + " is the node key of no institution of the policy");
    }
    long created = input.integer("created").orElseThrow();
    ReplayWindow.Verdict time = window.time(created, now);
    if (time != ReplayWindow.Verdict.FRESH) {
      return late(time, created, now);
    }
    byte[] signature =
        ByteSequence.read(input.label(), signatureField.get(), VerifyingKey.SIGNATURE_BYTES);
    if (!key.verifyForeign(input.base(request), signature)) {
      return refused(
          Code.REQUEST_SIGNATURE,
          "the signature does not hold over this method, path, query and digest");
    }
    Optional<Digest> digest =
        body
            ? Optional.of(ContentDigest.read(request.only("content-digest").orElse("")))
            : Optional.empty();
    ReplayWindow.Verdict nonce =
        window.take(key.toString(), input.string("nonce").orElseThrow(), created, now);
    return nonce == ReplayWindow.Verdict.FRESH
        ? new RequestCheck.Accepted(institution.get(), key, digest)
        : late(nonce, created, now);
  }

  private void requireForm(SignatureInput input, RequestHead request, boolean body)
      throws DecodeException {
    if (!input.label().equals(RequestSigner.LABEL)) {
      throw new DecodeException("expected the label " + RequestSigner.LABEL);
    }
    if (!input.components().containsAll(COVERED)
        || body != input.components().contains("content-digest")) {
      throw new DecodeException(
          "expected a signature over " + COVERED + " and, where there is one, content-digest");
    }
    if (!body && (request.method().equals("POST") || request.method().equals("PUT"))) {
      throw new DecodeException(request.method() + " without a Content-Digest");
    }
    if (input.integer("created").isEmpty()
        || input
            .string("nonce")
            .filter(n -> n.length() >= 16 && n.length() <= MAX_NONCE_CHARS)
            .isEmpty()) {
      throw new DecodeException("expected created and a nonce of 16 to 64 characters");
    }
    if (!input.string("alg").orElse("").equals("ed25519")
        || !input.string("tag").orElse("").equals(RequestSigner.tag(federation))) {
      throw new DecodeException("expected alg ed25519 and tag " + RequestSigner.tag(federation));
    }
  }

  private RequestCheck late(ReplayWindow.Verdict verdict, long created, Instant now) {
    long seconds = now.getEpochSecond() - created;
    return switch (verdict) {
      case SEEN -> refused(Code.REQUEST_REPLAYED, "this nonce was used at " + at(created));
      case TOO_OLD ->
          refused(
              Code.REQUEST_CLOCK,
              "signed at "
                  + at(created)
                  + ", which is "
                  + seconds
                  + " s ago here ("
                  + at(now.getEpochSecond())
                  + "); "
                  + tolerance());
      case TOO_NEW ->
          refused(
              Code.REQUEST_CLOCK,
              "signed at "
                  + at(created)
                  + ", which is "
                  + -seconds
                  + " s ahead of here ("
                  + at(now.getEpochSecond())
                  + "); "
                  + tolerance());
      case BEFORE_START ->
          refused(
              Code.REQUEST_CLOCK,
              "signed at " + at(created) + ", before this aggregator started; sign it again");
      case TOO_MANY ->
          refused(Code.NODE_UNAVAILABLE, "more requests within the window than are remembered");
      case FRESH -> throw new IllegalArgumentException("a fresh request is no refusal");
    };
  }

  private String tolerance() {
    return "clocks may differ by " + window.tolerance().toSeconds() + " s";
  }

  private static Instant at(long second) {
    return Instant.ofEpochSecond(second);
  }

  private static RequestCheck refused(Code code, String detail) {
    return new RequestCheck.Refused(Refusal.of(code, detail));
  }
}
