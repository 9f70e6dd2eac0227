package io.concordat.client.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.concordat.client.terminal.Terminal;
import java.io.UncheckedIOException;
import picocli.CommandLine.Option;

/** The options every command has for what it prints. */
public final class Output {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print the result only.")
  boolean quiet;

  private final Terminal terminal;

  Output() {
    this(Terminal.ofProcess());
  }

  /** Prints there. */
  public Output(Terminal terminal) {
    this.terminal = terminal;
  }

  Terminal terminal() {
    return terminal;
  }

  /** Says something a script does not need. */
  void say(String text) {
    if (!json && !quiet) {
      terminal.line(text);
    }
  }

  void printJson(Object tree) {
    try {
      terminal.line(JSON.writeValueAsString(tree));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
