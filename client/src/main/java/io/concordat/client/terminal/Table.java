package io.concordat.client.terminal;

import java.util.ArrayList;
import java.util.List;

/** A table of text: columns as wide as their widest cell; numbers to the right. */
public final class Table {
  private final List<String> head;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... head) {
    this.head = List.of(head);
  }

  /** Adds a row of exactly as many cells as there are columns. */
  public Table row(String... cells) {
    if (cells.length != head.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + head.size() + " columns");
    }
    rows.add(List.of(cells));
    return this;
  }

  public void print(Terminal terminal) {
    int[] width = new int[head.size()];
    boolean[] right = new boolean[head.size()];
    for (int c = 0; c < width.length; c++) {
      width[c] = head.get(c).length();
      boolean numbers = !rows.isEmpty();
      for (List<String> row : rows) {
        width[c] = Math.max(width[c], row.get(c).length());
        numbers &=
            row.get(c).isEmpty() || row.get(c).matches("[-+~<>=≤≥]*\\s*[0-9.][0-9.,]*.*|-|n/a");
      }
      right[c] = numbers;
    }
    terminal.line(terminal.dim(format(head, width, right)));
    for (List<String> row : rows) {
      terminal.line(format(row, width, right));
    }
  }

  private static String format(List<String> cells, int[] width, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < width.length; c++) {
      String pad = " ".repeat(width[c] - cells.get(c).length());
      line.append(c == 0 ? "" : "  ").append(right[c] ? pad + cells.get(c) : cells.get(c) + pad);
    }
    return line.toString().stripTrailing();
  }
}
