package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A command that a guide or a message tells people to type exists. */
class CommandsTest {
  /** The launcher's own words. */
  private static final Set<String> LAUNCHER = Set.of("test", "build", "native", "help");

  private static final Pattern NAME = Pattern.compile("@Command\\(\\s*name = \"([a-z]+)\"");

  /** Verbs with a class of their own. */
  private static final Pattern PARTED = Pattern.compile("subcommands = (\\{[^}]*}|\\w+\\.class)");

  private static final Pattern CLASS = Pattern.compile("(\\w+)\\.class");

  /** In documents: in code, or at the beginning of a block's line. */
  private static final Pattern IN_DOCUMENTS =
      Pattern.compile("(?m)(?:`|`\\./|^    |^    \\./)concordat ([a-z]+)(?: ([a-z]+))?");

  /** In messages and help: inside a string, quoted or at its beginning. */
  private static final Pattern IN_MESSAGES =
      Pattern.compile("(?:\"  |[`'(]\\.?/?|: )concordat ([a-z]+)(?: ([a-z]+))?");

  @Test
  void everyCommandInADocumentExists() throws IOException {
    assertThat(unknown(Tree.files("", f -> f.toString().endsWith(".md")), IN_DOCUMENTS)).isEmpty();
  }

  @Test
  void everyCommandInAMessageExists() throws IOException {
    List<Path> sources =
        Tree.files("", f -> f.toString().endsWith(".java") && f.toString().contains("/src/main/"));
    assertThat(unknown(sources, IN_MESSAGES)).isEmpty();
  }

  private static List<String> unknown(List<Path> files, Pattern call) throws IOException {
    Map<String, Set<String>> verbs = verbsByNoun();
    assertThat(verbs).containsKeys("demo", "job", "silo", "policy");
    List<String> unknown = new ArrayList<>();
    for (Path file : files) {
      Matcher calls = call.matcher(Files.readString(file));
      while (calls.find()) {
        Set<String> known = verbs.get(calls.group(1));
        boolean verb = calls.group(2) != null && known != null && !known.isEmpty();
        if (known == null || verb && !known.contains(calls.group(2))) {
          unknown.add(Tree.ROOT.relativize(file) + ": " + calls.group());
        }
      }
    }
    return unknown;
  }

  /**
   * What the client's classes declare: the first name of a class is the noun, the others verbs, and
   * so is the first name of a class that it lists as its subcommand.
   */
  private static Map<String, Set<String>> verbsByNoun() throws IOException {
    Map<String, List<String>> names = new TreeMap<>();
    Map<String, List<String>> parted = new TreeMap<>();
    for (Path source :
        Tree.files("client/src/main/java", f -> f.toString().endsWith("Command.java"))) {
      String text = Files.readString(source);
      String type = source.getFileName().toString().replace(".java", "");
      names.put(type, NAME.matcher(text).results().map(found -> found.group(1)).toList());
      parted.put(
          type,
          PARTED
              .matcher(text)
              .results()
              .flatMap(list -> CLASS.matcher(list.group(1)).results())
              .map(found -> found.group(1))
              .filter(found -> !found.equals(type))
              .toList());
    }
    Map<String, Set<String>> verbs = new TreeMap<>();
    LAUNCHER.forEach(word -> verbs.put(word, Set.of()));
    names.forEach((type, own) -> {
      boolean noun = parted.values().stream().noneMatch(verbsOf -> verbsOf.contains(type));
      if (noun && !own.isEmpty()) {
        Set<String> all = new TreeSet<>(own.subList(1, own.size()));
        parted.getOrDefault(type, List.of()).stream()
            .map(verb -> names.getOrDefault(verb, List.of()))
            .flatMap(words -> words.stream().limit(1))
            .forEach(all::add);
        verbs.put(own.getFirst(), all);
      }
    });
    return verbs;
  }
}
