package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.statement.StatementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * docs/wire-formats.md lists, for each type of statement, exactly the fields that its reader takes.
 */
class WireFormatsTest {
  private static final Path STATEMENTS =
      Tree.ROOT.resolve("protocol/src/main/java/io/concordat/protocol/statement");

  /** A constant of the enum: wire name, domain, and the class whose reader it names. */
  private static final Pattern CONSTANT =
      Pattern.compile(
          "\"([a-z.]+)\",\\s*\"concordat/[a-z0-9/-]+\",\\s*(?:true|false),\\s*"
              + "(?:\\w+ -> )?(\\w+)(?:::|\\.)read");

  private static final Pattern FIELDS = Pattern.compile("\\bo\\.only\\(([^)]*)\\)");
  private static final Pattern QUOTED = Pattern.compile("\"(\\w+)\"");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|");

  @Test
  void everyTypeIsDescribedWithTheFieldsThatItsReaderTakes() throws IOException {
    String document = Files.readString(Tree.ROOT.resolve("docs/wire-formats.md"));
    Matcher constants =
        CONSTANT.matcher(Files.readString(STATEMENTS.resolve("StatementType.java")));
    Set<String> seen = new TreeSet<>();
    while (constants.find()) {
      String type = constants.group(1);
      seen.add(type);
      assertThat(section(document, type)).as(type).isEqualTo(read(constants.group(2)));
    }
    Set<String> all = new TreeSet<>();
    for (StatementType type : StatementType.values()) {
      all.add(type.wireName());
    }
    assertThat(seen).isEqualTo(all);
  }

  private static Set<String> section(String document, String type) {
    String heading = "\n### " + type + "\n";
    int from = document.indexOf(heading);
    assertThat(from).as("section " + type).isPositive();
    int to = document.indexOf("\n#", from + heading.length());
    return names(ROW, document.substring(from, to));
  }

  private static Set<String> read(String reader) throws IOException {
    String source = Files.readString(STATEMENTS.resolve(reader + ".java"));
    // A nested record has a reader of its own before or after; the statement's is the class's own.
    int from = source.indexOf("static " + reader + " read(JsonObject o");
    assertThat(from).as("the reader of " + reader).isPositive();
    Matcher only = FIELDS.matcher(source);
    assertThat(only.find(from)).as(reader).isTrue();
    return names(QUOTED, only.group(1));
  }

  private static Set<String> names(Pattern pattern, String text) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }
}
