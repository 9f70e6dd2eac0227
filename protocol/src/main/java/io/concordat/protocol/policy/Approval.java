package io.concordat.protocol.policy;

import java.util.Arrays;
import java.util.Optional;

/** Whether an officer decides before a job starts, and before its result becomes readable. */
public record Approval(Mode jobs, Mode releases) {
  public enum Mode {
    AUTOMATIC("automatic"),
    MANUAL("manual");

    private final String text;

    Mode(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public static Optional<Mode> byText(String text) {
      return Arrays.stream(values()).filter(m -> m.text.equals(text)).findFirst();
    }
  }
}
