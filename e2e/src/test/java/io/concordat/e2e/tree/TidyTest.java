package io.concordat.e2e.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.policies.PolicyReader;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tree is tidy: packages say what they are for, nothing is left for later, examples work. */
class TidyTest {
  // Written so that this file does not find itself.
  private static final Pattern LEFT_FOR_LATER =
      Pattern.compile("\\b(?:TO" + "DO|FIX" + "ME|HA" + "CK|XX" + "X)\\b");

  /** Folders of one person's or one builder's machine, and hosts that packages come from. */
  private static final Pattern SOMEBODYS_MACHINE =
      Pattern.compile(
          "(?<![\\w.~/])/(?:work|home|root|Users)/\\w|[A-Z]:\\\\Users"
              + "|repo1?\\.maven\\.apache\\.org|\\b(?:nex"
              + "us|artif"
              + "actory)\\b");

  private static final Set<String> TEXT =
      Set.of(
          "java", "c", "h", "cpp", "sh", "sql", "properties", "yaml", "json", "md", "xml", "txt");

  @Test
  void everyPackageSaysWhatItIsForAndPromises() throws IOException {
    List<String> faults = new ArrayList<>();
    for (String module : modules()) {
      Path sources = Tree.ROOT.resolve(module).resolve("src/main/java");
      if (!Files.isDirectory(sources)) {
        continue;
      }
      Set<Path> packages = new TreeSet<>();
      Tree.files(module + "/src/main/java", f -> f.toString().endsWith(".java"))
          .forEach(file -> packages.add(file.getParent()));
      for (Path folder : packages) {
        Path info = folder.resolve("package-info.java");
        String text = Files.exists(info) ? Files.readString(info) : "";
        if (!text.contains("@NullMarked") || !text.startsWith("/**") || text.length() < 120) {
          faults.add(Tree.ROOT.relativize(info).toString());
        }
      }
    }
    assertThat(faults).as("package pages, with Javadoc and @NullMarked").isEmpty();
  }

  @Test
  void nothingIsLeftForLater() throws IOException {
    assertThat(linesWith(LEFT_FOR_LATER, everything())).isEmpty();
  }

  @Test
  void noFileNamesSomebodysMachineOrARegistry() throws IOException {
    assertThat(linesWith(SOMEBODYS_MACHINE, everything())).isEmpty();
  }

  @Test
  void everyExampleJobIsRead() throws IOException {
    List<Path> jobs = Tree.files("demo-data/jobs", f -> f.toString().endsWith(".yaml"));
    assertThat(jobs).isNotEmpty();
    for (Path job : jobs) {
      assertThat(JobReader.read(job.toString(), Files.readAllBytes(job)).refusals())
          .as(job.toString())
          .isEmpty();
    }
  }

  @Test
  void everyExamplePolicyIsRead() throws IOException {
    List<Path> policies =
        Tree.files("policies/examples", f -> f.getFileName().toString().equals("policy.yaml"));
    assertThat(policies).isNotEmpty();
    for (Path policy : policies) {
      assertThat(read(policy).refusals()).as(policy.toString()).isEmpty();
    }
  }

  @Test
  void everyJobInTheGuideIsRead() throws IOException {
    Matcher blocks =
        Pattern.compile("```yaml\\n(schema: job/1\\n.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Tree.ROOT.resolve("docs/jobs.md")));
    int found = 0;
    while (blocks.find()) {
      found++;
      assertThat(JobReader.read("docs/jobs.md, job " + found, bytes(blocks.group(1))).refusals())
          .isEmpty();
    }
    assertThat(found).isGreaterThanOrEqualTo(3);
  }

  private static Outcome<Policy> read(Path file) throws IOException {
    return PolicyReader.read(file.toString(), Files.readAllBytes(file));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static List<String> modules() throws IOException {
    try (Stream<Path> folders = Files.list(Tree.ROOT)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  private static List<Path> everything() throws IOException {
    return Tree.files(
        "",
        file -> {
          String name = file.getFileName().toString();
          return TEXT.contains(name.substring(name.lastIndexOf('.') + 1));
        });
  }

  private static List<String> linesWith(Pattern pattern, List<Path> files) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      try {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          if (pattern.matcher(lines.get(i)).find()) {
            found.add(Tree.ROOT.relativize(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
          }
        }
      } catch (MalformedInputException e) {
        found.add(Tree.ROOT.relativize(file) + ": not UTF-8");
      }
    }
    return found;
  }
}
