package io.concordat.client.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/**
 * Where output goes and how rich it may be. Colours and moving lines only where a person is
 * watching.
 */
public final class Terminal {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean rich;
  private boolean barStands;

  private Terminal(PrintStream out, PrintStream err, boolean rich) {
    this.out = out;
    this.err = err;
    this.rich = rich;
  }

  /**
   * The process's own streams; rich when standard output is a terminal and neither NO_COLOR nor
   * TERM=dumb says otherwise.
   */
  public static Terminal ofProcess() {
    boolean rich =
        Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
            && System.getenv("NO_COLOR") == null
            && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(System.out, System.err, rich);
  }

  /** For tests: plain text into the given streams. */
  public static Terminal plain(PrintStream out, PrintStream err) {
    return new Terminal(out, err, false);
  }

  public boolean rich() {
    return rich;
  }

  public void line(String text) {
    clearBar();
    out.println(text);
  }

  public void error(String text) {
    clearBar();
    err.println(text);
  }

  public String bold(String text) {
    return rich ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  public String dim(String text) {
    return rich ? "\u001b[2m" + text + "\u001b[0m" : text;
  }

  public String good(String text) {
    return rich ? "\u001b[32m" + text + "\u001b[0m" : text;
  }

  public String bad(String text) {
    return rich ? "\u001b[31m" + text + "\u001b[0m" : text;
  }

  /**
   * A progress bar that moves on one line of a terminal. In a pipe nothing is printed: callers
   * print a line at the milestones they want kept.
   *
   * @param done of {@code total}, 0 to total
   */
  public void bar(String label, long done, long total, String detail) {
    if (!rich) {
      return;
    }
    int width = 28;
    int filled = total <= 0 ? 0 : (int) Math.min(width, width * done / total);
    err.print(
        String.format(
            Locale.ROOT,
            "\r\u001b[K%-24s \u001b[36m%s\u001b[2m%s\u001b[0m %d/%d  %s",
            label,
            "━".repeat(filled),
            "─".repeat(width - filled),
            done,
            total,
            detail));
    err.flush();
    barStands = true;
  }

  private void clearBar() {
    if (barStands) {
      err.print("\r\u001b[K");
      err.flush();
      barStands = false;
    }
  }
}
