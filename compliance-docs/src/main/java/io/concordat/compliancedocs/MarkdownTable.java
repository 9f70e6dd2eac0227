package io.concordat.compliancedocs;

import java.util.Collections;
import java.util.List;

/** Rows of a Markdown table, one line each. */
final class MarkdownTable {
  private final StringBuilder lines = new StringBuilder();
  private final int columns;

  MarkdownTable(String... head) {
    columns = head.length;
    line(List.of(head));
    line(Collections.nCopies(columns, "---"));
  }

  void row(Object... cells) {
    if (cells.length != columns) {
      throw new IllegalArgumentException(cells.length + " cells in a table of " + columns);
    }
    line(List.of(cells));
  }

  private void line(List<?> cells) {
    for (Object cell : cells) {
      lines.append("| ").append(cell).append(' ');
    }
    lines.append("|\n");
  }

  @Override
  public String toString() {
    return lines.toString();
  }
}
