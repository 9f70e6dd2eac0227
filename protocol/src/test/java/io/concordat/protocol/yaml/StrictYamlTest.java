package io.concordat.protocol.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictYamlTest {

  @Test
  void everyNodeKnowsItsLineAndColumn() throws Exception {
    YamlNode.Mapping root = accepted("a: 1\nlist:\n  - x: y\n    z: [1, two]\n");
    assertThat(member(root, "list").line()).isEqualTo(2);
    YamlNode.Sequence list = (YamlNode.Sequence) member(root, "list").value();
    YamlNode.Mapping item = (YamlNode.Mapping) list.items().getFirst();
    assertThat(member(item, "z").line()).isEqualTo(4);
    assertThat(member(item, "z").column()).isEqualTo(5);
    YamlNode.Sequence z = (YamlNode.Sequence) member(item, "z").value();
    assertThat(z.items().get(1)).isEqualTo(new YamlNode.Scalar("two", true, 4, 12));
  }

  @Test
  void jsonIsReadAsTheSameTree() throws Exception {
    YamlNode.Mapping json = accepted("{\n\t\"a\": \"1\", \"b\": [true, {\"c\": 2}]\n}");
    assertThat(json.members().keySet()).containsExactly("a", "b");
    assertThat(member(json, "a").value()).isEqualTo(new YamlNode.Scalar("1", false, 2, 7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# nothing\n",
        "just text",
        "- a\n- b\n",
        "a: &x 1\n",
        "a: &x {b: 1}\n",
        "a: *x\n",
        "a: !!str 1\n",
        "a: !x {b: 1}\n",
        "a: !!java.net.URL [\"http://x\"]\n",
        "a: 1\na: 2\n",
        "{\"a\": 1, \"a\": 2}",
        "a: 1\n---\nb: 2\n",
        "%YAML 1.2\n---\na: 1\n",
        "%TAG ! x:\n---\na: 1\n",
        "a: [1, 2\n",
        "a: {b: 1\n",
        "a: b: c\n",
        "a:\n\t- 1\n",
        "? [a]\n: 1\n",
        "a: \"\\q\"\n",
        "a: 'open\n",
        "a: @x\n",
        "a: `x\n",
        "\uFEFFa: 1\n",
        "a: \u202Ex\n",
        "a: \u0007\n",
        "a: x\u2028b: y\n",
        "a: {<<: *b}\n"
      })
  void refusesEverythingBeyondPlainFields(String text) {
    assertThat(refusals(text)).hasSize(1);
    assertThat(refusals(text).getFirst().code()).isEqualTo(Code.FILE_SYNTAX);
  }

  @ParameterizedTest
  @CsvSource({
    "'a: 1\nb: &x 2\n',2,4",
    "'a: 1\na: 2\n',2,1",
    "'a:\n  - !x 1\n',2,5",
    "'a: 1\nb: \u200Bc',2,4"
  })
  void saysLineAndColumnOfTheFault(String text, int line, int column) {
    assertThat(refusals(text).getFirst().where().orElseThrow())
        .hasToString("file.yaml:" + line + ":" + column);
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] bytes = {'a', ':', ' ', (byte) 0xff, '\n'};
    assertThat(StrictYaml.read("file.yaml", bytes).refusals()).hasSize(1);
  }

  /** Bombs are refused while they are read, not after: each in a small part of a second. */
  @Test
  void refusesBombsQuickly() {
    List<String> bombs =
        List.of(
            "a: " + "[".repeat(100_000),
            "a: " + "{b: ".repeat(50_000),
            "? ".repeat(100_000),
            "- ".repeat(100_000),
            "a: " + "[".repeat(21) + "]".repeat(21),
            "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
            "a: '" + "x".repeat(StrictYaml.MAX_CODE_POINTS) + "'",
            "\u00e9".repeat(StrictYaml.MAX_CODE_POINTS + 1));
    for (String bomb : bombs) {
      // Processor time of the best of some: what else the machine does is not measured.
      long best = Long.MAX_VALUE;
      for (int i = 0; i < 5; i++) {
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        assertThat(refusals(bomb)).isNotEmpty();
        best =
            Math.min(best, ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun);
      }
      assertThat(best).as(bomb.substring(0, 10)).isLessThan(Duration.ofMillis(50).toNanos());
    }
  }

  @Test
  void twentyLevelsAreReadAndOneMoreIsNot() throws Exception {
    // The outermost mapping is level 0.
    assertThat(accepted("a: " + "[".repeat(19) + "]".repeat(19))).isNotNull();
    assertThat(accepted("a: " + "[".repeat(20) + "]".repeat(20))).isNotNull();
    assertThat(refusals("a: " + "[".repeat(21) + "]".repeat(21)).getFirst().code())
        .isEqualTo(Code.FILE_TOO_LARGE);
  }

  @Test
  void oneReadingFindsManyFaultsEachWithItsFieldPathAndAHint() throws Exception {
    String text =
        """
        count: many
        ratio: 0.5
        when: 2026-10-01
        inner:
          id: Not An Id
          lable: x
        items: [{n: 1}, {n: -1}, 3]
        word: true
        """;
    Findings findings = new Findings("file.yaml");
    YamlFields f = YamlFields.of(accepted(text), findings);
    f.integer("count", 0, 9);
    f.decimal("ratio");
    f.instant("when");
    YamlFields inner = f.group("inner");
    inner.id("id");
    inner.string("label");
    inner.end();
    f.groups("items").forEach(i -> i.integer("n", 0, 9));
    f.string("word");
    f.group("absent").group("deeper").integer("n", 0, 9);
    f.end();
    assertThat(f.clean()).isFalse();
    assertThat(findings.refusals().stream().map(Refusal::toString))
        .containsExactly(
            "file.yaml:1:1 count: file.field: expected an integer from 0 to 9, found many",
            "file.yaml:1:1 absent: file.field: is missing",
            "file.yaml:2:1 ratio: file.field: put the decimal in quotes: \"0.5\"",
            "file.yaml:3:1 when: file.field: expected a UTC time such as 2026-10-01T00:00:00Z,"
                + " found 2026-10-01",
            "file.yaml:5:3 inner.id: file.field: expected 1 to 64 characters a-z, 0-9, -, found Not"
                + " An Id",
            "file.yaml:5:3 inner.label: file.field: is missing",
            "file.yaml:6:3 inner.lable: file.field: is not a known field; did you mean label?",
            "file.yaml:7:18 items[1].n: file.field: expected an integer from 0 to 9, found -1",
            "file.yaml:7:26 items[2]: file.field: expected a group of fields, found 3",
            "file.yaml:8:1 word: file.field: expected text: put true in quotes");
  }

  @Test
  void valuesAreReadExactly() throws Exception {
    YamlFields f =
        YamlFields.of(
            accepted("d: \"1e-5\"\ni: 3\nt: 2026-10-01T00:00:00Z\nl: [1, 2.x, \"3.0\"]\n"),
            new Findings("f"));
    assertThat(f.decimal("d")).isEqualTo(new BigDecimal("1e-5"));
    assertThat(f.decimal("i")).isEqualTo(new BigDecimal(3));
    assertThat(f.instant("t")).isEqualTo(Instant.parse("2026-10-01T00:00:00Z"));
    assertThat(f.texts("l")).containsExactly("1", "2.x", "3.0");
    f.end();
    assertThat(f.clean()).isTrue();
  }

  @Test
  void aHostileFileIsReportedInAHundredLinesAtMost() throws Exception {
    Findings findings = new Findings("f");
    YamlFields.of(accepted("a: 1\n".replace("a", "k") + many(5000)), findings).end();
    assertThat(findings.refusals()).hasSize(Findings.MAX);
    assertThat(findings.count()).isEqualTo(5001);
  }

  @Test
  void randomTextNeverDoesAnythingButReadOrBeRefused() {
    long seed = 20261122;
    Random random = new Random(seed);
    String alphabet = "ab: -[]{},\n\"'#&*!|>%@`?\t0\u00e9\ud83d\ude00\u2028\\";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(30); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      Outcome<YamlNode.Mapping> outcome =
          StrictYaml.read("f", text.toString().getBytes(StandardCharsets.UTF_8));
      assertThat(outcome).as("seed %d case %d", seed, i).isNotNull();
    }
  }

  private static YamlNode.Member member(YamlNode.Mapping mapping, String name) {
    return java.util.Objects.requireNonNull(mapping.members().get(name));
  }

  private static String many(int fields) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields; i++) {
      text.append("x").append(i).append(": 1\n");
    }
    return text.toString();
  }

  private static YamlNode.Mapping accepted(String text) throws Exception {
    return StrictYaml.read("file.yaml", text.getBytes(StandardCharsets.UTF_8)).orThrow();
  }

  private static List<Refusal> refusals(String text) {
    return StrictYaml.read("file.yaml", text.getBytes(StandardCharsets.UTF_8)).refusals();
  }
}
