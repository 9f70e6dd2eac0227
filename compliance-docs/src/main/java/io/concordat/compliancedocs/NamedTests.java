package io.concordat.compliancedocs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tests that documents name, written {@code `ClassTest#method`} or {@code `ClassTest`}, looked up
 * in the sources of the tree.
 *
 * <p>A class is found by its file's name, so two test classes of one name make a reference
 * ambiguous; that is a fault too.
 */
public final class NamedTests {
  private static final Pattern REFERENCE =
      Pattern.compile("`([A-Z]\\w*(?:Test|Contract|IT))(?:#(\\w+))?`");

  private static final Pattern ANNOTATION =
      Pattern.compile("@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");

  private final Map<String, List<Path>> files = new HashMap<>();

  private NamedTests() {}

  /** Looks at {@code MODULE/src/test/java} of every module below the root. */
  public static NamedTests of(Path root) throws IOException {
    NamedTests tests = new NamedTests();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.sorted().toList()) {
        Path sources = module.resolve("src/test/java");
        if (Files.isDirectory(sources)) {
          try (Stream<Path> found = Files.walk(sources)) {
            found.filter(f -> f.toString().endsWith(".java")).forEach(tests::add);
          }
        }
      }
    }
    return tests;
  }

  private void add(Path file) {
    String name = String.valueOf(file.getFileName());
    files
        .computeIfAbsent(
            name.substring(0, name.length() - ".java".length()), n -> new ArrayList<>())
        .add(file);
  }

  /** How many references a document makes. */
  public static int count(String document) {
    return (int) REFERENCE.matcher(document).results().count();
  }

  /** One line for each reference that leads nowhere; empty if all are there. */
  public List<String> missing(String document) {
    List<String> faults = new ArrayList<>();
    Matcher matcher = REFERENCE.matcher(document);
    while (matcher.find()) {
      String type = matcher.group(1);
      String method = matcher.group(2);
      List<Path> found = files.getOrDefault(type, List.of());
      if (found.size() != 1) {
        faults.add(type + ": " + found.size() + " classes of this name");
      } else if (method != null && !isTest(found.get(0), method)) {
        faults.add(type + "#" + method + ": no such test method");
      }
    }
    return faults;
  }

  /** A method of this name, and a JUnit annotation since the last line that only closes a brace. */
  private static boolean isTest(Path file, String method) {
    try {
      String source = Files.readString(file);
      Matcher declared =
          Pattern.compile("\\b(?:void|Stream<DynamicTest>)\\s+" + method + "\\s*\\(")
              .matcher(source);
      if (!declared.find()) {
        return false;
      }
      String before = source.substring(0, declared.start());
      String[] members = before.split("\\n *}\\n", -1);
      return ANNOTATION.matcher(members[members.length - 1]).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
