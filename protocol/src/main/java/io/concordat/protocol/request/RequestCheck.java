package io.concordat.protocol.request;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.refusal.Refusal;
import java.util.Optional;

/** What a verifier found out about a request's head. */
public sealed interface RequestCheck {
  /**
   * The request is the institution's.
   *
   * @param body what the body's digest must be; empty if the request has no body
   */
  record Accepted(String institution, VerifyingKey key, Optional<Digest> body)
      implements RequestCheck {}

  /** It is nobody's. */
  record Refused(Refusal reason) implements RequestCheck {}
}
