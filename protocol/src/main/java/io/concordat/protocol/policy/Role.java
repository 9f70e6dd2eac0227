package io.concordat.protocol.policy;

import java.util.Arrays;
import java.util.Optional;

/** What an institution's node does. Each is counted by institution. */
public enum Role {
  /** Contributes from its records. */
  SILO("silo"),
  /** Holds shares of round keys and decides openings. */
  HOLDER("holder"),
  /** Cosigns the log's checkpoints. */
  WITNESS("witness");

  private final String text;

  Role(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  public static Optional<Role> byText(String text) {
    return Arrays.stream(values()).filter(r -> r.text.equals(text)).findFirst();
  }
}
