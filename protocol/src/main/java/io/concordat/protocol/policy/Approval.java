package io.concordat.protocol.policy;

import java.util.Arrays;
import java.util.Optional;

/** Whether an officer decides before a job starts, and before its result becomes readable. */
public record Approval(Mode jobs, Mode releases) {
  /** Nobody is asked. */
  public static final Approval AUTOMATIC = new Approval(Mode.AUTOMATIC, Mode.AUTOMATIC);

  /** Both: asked where either asks. */
  public Approval stricter(Approval other) {
    return new Approval(
        jobs == Mode.MANUAL ? jobs : other.jobs,
        releases == Mode.MANUAL ? releases : other.releases);
  }

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
