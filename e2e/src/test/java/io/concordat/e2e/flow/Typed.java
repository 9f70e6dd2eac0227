package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.client.Concordat;
import io.concordat.client.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** Commands as people type them, and waiting for what they bring about. */
final class Typed {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private Typed() {}

  /**
   * How a command ended.
   *
   * @param text everything it printed
   */
  record Ended(int status, String text) {}

  static Ended ended(List<?> command) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    String[] words = command.stream().map(Object::toString).toArray(String[]::new);
    int status = Concordat.commandLine(Terminal.plain(out, out)).execute(words);
    return new Ended(status, said.toString(StandardCharsets.UTF_8));
  }

  /** Types a command that must succeed; what it printed. */
  static String typed(Object... command) {
    return printed(0, command);
  }

  /** Types a command that must end so; what it printed. */
  static String printed(int status, Object... command) {
    return printed(status, List.of(command));
  }

  static String printed(int status, List<?> command) {
    Ended ended = ended(command);
    assertThat(ended.status()).as("%s: %s", command, ended.text()).isEqualTo(status);
    return ended.text();
  }

  static void until(String what, Callable<Boolean> holds) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(200);
    }
  }
}
