package io.concordat.client.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.client.terminal.Terminal;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
      terminal.line(JSON.writeValueAsString(node(tree)));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The tree as JSON. Only plain values: an object of a class would be looked into by reflection,
   * which a native executable does not have, and its fields would follow every renaming.
   */
  private static JsonNode node(@Nullable Object value) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    return switch (value) {
      case null -> make.nullNode();
      case JsonNode node -> node;
      case String text -> make.textNode(text);
      case Boolean truth -> make.booleanNode(truth);
      case Integer number -> make.numberNode(number);
      case Long number -> make.numberNode(number);
      case Double number -> make.numberNode(number);
      case BigDecimal number -> make.numberNode(number);
      case Map<?, ?> entries -> {
        ObjectNode object = make.objectNode();
        entries.forEach((key, item) -> object.set(String.valueOf(key), node(item)));
        yield object;
      }
      case Collection<?> items -> {
        ArrayNode array = make.arrayNode();
        items.forEach(item -> array.add(node(item)));
        yield array;
      }
      default ->
          throw new IllegalArgumentException(
              "commands print maps, lists, text and numbers; found " + value.getClass());
    };
  }
}
