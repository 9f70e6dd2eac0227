package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.compliancedocs.NamedTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * docs/invariants.md and the sources speak of the same invariants; tests that documents name exist.
 */
class InvariantsTest {
  private static final Pattern NAME = Pattern.compile("INV-\\d\\d");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| (INV-\\d\\d) \\| [^|]+ \\| `([\\w.]+)` \\| ([^|]+) \\|$");

  @Test
  void everyInvariantIsArguedWhereThePageSays() throws IOException {
    Map<String, String> enforcedIn = new TreeMap<>();
    Matcher rows = ROW.matcher(Files.readString(Tree.ROOT.resolve("docs/invariants.md")));
    while (rows.find()) {
      enforcedIn.put(rows.group(1), rows.group(2));
      assertThat(NamedTests.count(rows.group(3))).as(rows.group(1) + " names a test").isPositive();
    }
    Map<String, Set<String>> arguedIn = new TreeMap<>();
    for (Path source : Tree.files("", InvariantsTest::isSource)) {
      Matcher names = NAME.matcher(Files.readString(source));
      while (names.find()) {
        arguedIn
            .computeIfAbsent(names.group(), n -> new TreeSet<>())
            .add(source.toString().replace('/', '.'));
      }
    }
    assertThat(arguedIn.keySet()).isEqualTo(enforcedIn.keySet());
    enforcedIn.forEach((name, place) ->
        assertThat(arguedIn.get(name))
            .as(name + " in " + place)
            .anyMatch(source ->
                source.endsWith("io.concordat." + place + ".java")
                    || source.endsWith("io.concordat." + place + ".package-info.java")));
  }

  @Test
  void everyTestThatADocumentNamesExists() throws IOException {
    NamedTests tests = NamedTests.of(Tree.ROOT);
    List<Path> documents = Tree.files("docs", f -> f.toString().endsWith(".md"));
    assertThat(documents).isNotEmpty();
    for (Path document : documents) {
      assertThat(tests.missing(Files.readString(document)))
          .as(Tree.ROOT.relativize(document).toString())
          .isEmpty();
    }
  }

  @Test
  void everyLinkBetweenDocumentsLeadsSomewhere() throws IOException {
    Pattern link = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");
    for (Path document : Tree.files("", f -> f.toString().endsWith(".md"))) {
      Matcher links = link.matcher(Files.readString(document));
      while (links.find()) {
        assertThat(document.resolveSibling(links.group(1)).normalize())
            .as(Tree.ROOT.relativize(document) + " links to " + links.group(1))
            .exists();
      }
    }
  }

  /** This file's own pattern is no invariant. */
  private static boolean isSource(Path file) {
    return file.toString().endsWith(".java")
        && !file.getFileName().toString().equals("InvariantsTest.java");
  }
}
