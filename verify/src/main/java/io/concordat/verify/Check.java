package io.concordat.verify;

/**
 * One thing that was compared.
 *
 * @param name in an officer's words; the same on every run, so that scripts can look for it
 * @param detail what was compared with what, and what was found if it differs
 */
public record Check(String name, Outcome outcome, String detail) {
  /** What came of a check. */
  public enum Outcome {
    PASSED,
    FAILED,
    /**
     * The pack holds too little to compare, and the export is allowed to leave it out. There are
     * two such cases: a summed ciphertext longer than {@link PackLayout#LARGEST_SUM_BYTES}, by the
     * length that the job's own state asks for; and the answers of a round that the log itself says
     * did not open, which is charged as if it had. Anything else that is missing is {@link
     * #FAILED}.
     */
    NOT_CHECKED
  }

  /** Whether it was compared and agreed. */
  public boolean ok() {
    return outcome == Outcome.PASSED;
  }

  static Check passed(String name, String detail) {
    return new Check(name, Outcome.PASSED, detail);
  }

  static Check failed(String name, String detail) {
    return new Check(name, Outcome.FAILED, detail);
  }

  @Override
  public String toString() {
    return outcome + " " + name + ": " + detail;
  }
}
