package io.concordat.audit.witness;

/**
 * How many institutions have to cosign a head.
 *
 * @param witnesses institutions with a witness, n
 * @param faulty how many of them may lie or be restored unnoticed, f
 * @param quorum how many must cosign, q
 */
public record QuorumRule(int witnesses, int faulty, int quorum) {
  public QuorumRule {
    if (witnesses < 1 || faulty < 0 || faulty >= witnesses) {
      throw new IllegalArgumentException(
          "%d witnesses of which %d may be faulty".formatted(witnesses, faulty));
    }
    // Two quorums overlap in at least 2q - n witnesses. More than f of them means that one honest
    // witness signed both heads, and it signs only heads that continue each other.
    if (2L * quorum <= (long) witnesses + faulty) {
      throw new IllegalArgumentException(
          "quorum %d of %d with %d faulty: two quorums could share only faulty witnesses; at least"
                  .formatted(quorum, witnesses, faulty)
              + " %d is needed".formatted((witnesses + faulty) / 2 + 1));
    }
    if (quorum > witnesses) {
      throw new IllegalArgumentException("quorum %d of %d".formatted(quorum, witnesses));
    }
  }

  /**
   * Whether the honest witnesses alone reach the quorum, so that the faulty cannot stop the log.
   */
  public boolean survivesSilence() {
    return quorum <= witnesses - faulty;
  }

  /** Whether one restore beyond the faulty ones, noticed by nobody, still forks nothing. */
  public boolean survivesUnnoticedRestore() {
    return 2L * quorum > (long) witnesses + faulty + 1;
  }

  /**
   * How many other witnesses must tell a freshly started one the newest size they cosigned before
   * it cosigns again: n - q + f + 1. Any quorum that its own lost signature was part of has q - 1
   * others; of n - q + f + 1 answers among n - 1 others, at least f + 1 come from those, so one
   * from an honest one.
   */
  public int answersAfterStart() {
    return witnesses - quorum + faulty + 1;
  }
}
