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
     * The pack holds too little to compare, and the export is allowed to leave it out. There is one
     * such case: summed ciphertexts longer than {@link PackLayout#LARGEST_SUM_BYTES}, whose length
     * the signed manifest states. Anything else that is missing is {@link #FAILED}.
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

  static Check notChecked(String name, String detail) {
    return new Check(name, Outcome.NOT_CHECKED, detail);
  }

  /** Passed unless there is a fault to tell. */
  static Check of(String name, java.util.List<String> faults, String agreed) {
    if (faults.isEmpty()) {
      return passed(name, agreed);
    }
    String more = faults.size() > 3 ? "; and " + (faults.size() - 3) + " more" : "";
    return failed(name, String.join("; ", faults.subList(0, Math.min(3, faults.size()))) + more);
  }

  @Override
  public String toString() {
    return outcome + " " + name + ": " + detail;
  }
}
