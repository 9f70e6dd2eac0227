package io.concordat.protocol.policy;

import io.concordat.crypto.bulk.Digest;
import java.util.List;
import java.util.Optional;

/**
 * @param origin the log's name, first line of its checkpoints
 * @param keys key lines (signed-note format) whose signatures make a checkpoint the log's own: one
 *     of Ed25519, and one of ML-DSA-44 where checkpoints that are handed out carry both
 * @param witnessQuorum institutions whose cosignatures a checkpoint needs before anybody acts on it
 * @param releaseKey fingerprint of the ML-DSA-65 key that signs releases beside the log's Ed25519
 *     key
 */
public record LogTerms(
    String origin, List<String> keys, int witnessQuorum, Optional<Digest> releaseKey) {
  public LogTerms {
    Ids.check(isOrigin(origin), "a log origin is 1 to 128 visible ASCII characters without +");
    keys = List.copyOf(keys);
    Ids.check(!keys.isEmpty(), "a log has a key");
    Ids.checkDistinct("log key", keys);
    Ids.check(witnessQuorum >= 1, "witnessQuorum must be at least 1");
  }

  /** A log whose releases are signed with Ed25519 alone. */
  public LogTerms(String origin, List<String> keys, int witnessQuorum) {
    this(origin, keys, witnessQuorum, Optional.empty());
  }

  /** Signed notes forbid spaces and plus signs in names. */
  public static boolean isOrigin(String text) {
    return !text.isEmpty()
        && text.length() <= 128
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '+');
  }

  /**
   * INV-03: {@code q > (n + f) / 2}: two quorums of q among n witnesses share more than f, hence an
   * honest one, which cosigns one history only.
   */
  public static boolean isQuorum(long witnesses, long quorum, long corrupt) {
    return corrupt >= 0 && quorum <= witnesses && 2 * quorum > witnesses + corrupt;
  }
}
