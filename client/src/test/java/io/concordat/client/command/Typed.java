package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.client.Concordat;
import io.concordat.client.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What a typed command printed and how it ended.
 *
 * @param out what a script would read
 * @param all errors and remarks as well
 */
record Typed(int status, String out, String all) {
  static Typed command(Object... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] arguments = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      arguments[i] = words[i].toString();
    }
    int status =
        Concordat.commandLine(
                Terminal.plain(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8)))
            .execute(arguments);
    String said = out.toString(StandardCharsets.UTF_8);
    return new Typed(status, said, said + err.toString(StandardCharsets.UTF_8));
  }

  Typed done() {
    assertThat(status).as(all).isEqualTo(ExitStatus.DONE);
    return this;
  }

  /** It ended so, and said each of these. */
  void ends(int expected, String... words) {
    assertThat(status).as(all).isEqualTo(expected);
    assertThat(all).contains(words).doesNotContain("\tat ");
  }
}
