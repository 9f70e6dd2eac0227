package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/operations.md names exactly the settings that the services take. */
class SettingsTest {
  private static final Pattern IN_DOCUMENT = Pattern.compile("`(concordat\\.[a-zA-Z.-]+)[:`]");
  private static final Pattern IN_SOURCE = Pattern.compile("\"(concordat\\.[a-z.*-]+)\"");

  @Test
  void theGuideNamesEverySettingAndNoOther() throws IOException {
    Set<String> taken = new TreeSet<>();
    for (String source :
        new String[] {
          "aggregator/src/main/java/io/concordat/aggregator/config/UnknownKeys.java",
          "silo-node/src/main/java/io/concordat/silonode/config/StartFindings.java"
        }) {
      Matcher keys = IN_SOURCE.matcher(Files.readString(Tree.ROOT.resolve(source)));
      while (keys.find()) {
        taken.add(keys.group(1));
      }
    }
    // Given by --home, never in the file; and the prefix of them all.
    taken.remove("concordat.home");
    taken.remove("concordat.");
    Set<String> named = new TreeSet<>();
    Matcher keys = IN_DOCUMENT.matcher(Files.readString(Tree.ROOT.resolve("docs/operations.md")));
    while (keys.find()) {
      named.add(keys.group(1).replace("NAME", "*"));
    }
    assertThat(named).isEqualTo(taken);
  }
}
