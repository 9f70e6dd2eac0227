package io.concordat.protocol.yaml;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with one file, in the order of its lines. */
public final class Findings {
  /** A hostile file could be wrong in a hundred thousand places; nobody reads past these. */
  public static final int MAX = 100;

  private final String file;
  private final List<Refusal> refusals = new ArrayList<>();
  private int count;

  public Findings(String file) {
    this.file = file;
  }

  public String file() {
    return file;
  }

  public void add(Where where, Code code, String detail) {
    count++;
    if (refusals.size() < MAX) {
      refusals.add(Refusal.at(where, code, detail));
    }
  }

  /** How many there are, those beyond {@link #MAX} included. */
  public int count() {
    return count;
  }

  public boolean none() {
    return count == 0;
  }

  /** In the order of the file's lines. */
  public List<Refusal> refusals() {
    return refusals.stream()
        .sorted(
            java.util.Comparator.comparingInt((Refusal r) -> r.where().map(Where::line).orElse(0))
                .thenComparingInt(r -> r.where().map(Where::column).orElse(0)))
        .toList();
  }
}
