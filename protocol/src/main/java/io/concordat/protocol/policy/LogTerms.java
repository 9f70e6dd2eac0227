package io.concordat.protocol.policy;

import java.util.List;

/**
 * @param origin the log's name, first line of its checkpoints
 * @param keys key lines (signed-note format) whose signatures make a checkpoint the log's own
 * @param witnessQuorum institutions whose cosignatures a checkpoint needs before anybody acts on it
 */
public record LogTerms(String origin, List<String> keys, int witnessQuorum) {
  public LogTerms {
    Ids.check(isOrigin(origin), "a log origin is 1 to 128 visible ASCII characters without +");
    keys = List.copyOf(keys);
    Ids.check(!keys.isEmpty(), "a log has a key");
    Ids.checkDistinct("log key", keys);
    Ids.check(witnessQuorum >= 1, "witnessQuorum must be at least 1");
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
