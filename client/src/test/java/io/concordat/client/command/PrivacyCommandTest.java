package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.Concordat;
import io.concordat.client.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivacyCommandTest {
  @TempDir Path folder;

  private final PrintStream before = System.out;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void catchOutput() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restoreOutput() {
    System.setOut(before);
  }

  private int run(String line) {
    out.reset();
    err.reset();
    PrintStream errors = new PrintStream(err, true, StandardCharsets.UTF_8);
    return Concordat.commandLine(Terminal.plain(System.out, errors))
        .execute(("privacy " + line).split(" "));
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private JsonNode json(String line) throws Exception {
    assertThat(run(line + " --json")).isEqualTo(ExitStatus.DONE);
    JsonNode tree = new ObjectMapper().readTree(printed());
    assertThat(tree.path("schema").asText()).isEqualTo("privacy/1");
    assertThat(tree.path("relation").asText()).isEqualTo("zero-out");
    return tree;
  }

  private static double decimal(JsonNode tree, String accountant, String field) {
    JsonNode value = tree.path(accountant).path(field);
    assertThat(value.isTextual()).as("%s.%s is a string", accountant, field).isTrue();
    return Double.parseDouble(value.asText());
  }

  @Test
  void epsilonOfTheExampleInTheHelpIsItsTargetByBothAccountants() throws Exception {
    String line = "epsilon --noise-multiplier 2.187 --sampling-rate 0.05 --rounds 400 --delta 1e-5";
    JsonNode tree = json(line);
    assertThat(decimal(tree, "pld", "epsilon")).isCloseTo(2, within(1e-3));
    assertThat(decimal(tree, "rdp", "epsilon")).isCloseTo(2.19, within(0.006));
    assertThat(tree.path("rounds").path(0).path("noiseMultiplier").asText()).isEqualTo("2.187");
    assertThat(run(line)).isEqualTo(ExitStatus.DONE);
    assertThat(printed()).contains("epsilon 1.9994 (PLD)").contains("zero-out").contains("(RDP)");
    assertThat(run(line + " --quiet")).isEqualTo(ExitStatus.DONE);
    assertThat(printed().strip()).isEqualTo("epsilon 1.9994");
  }

  @Test
  void deltaIsTheInverseOfEpsilon() throws Exception {
    String rounds = " --noise-multiplier 2.187 --sampling-rate 0.05 --rounds 400";
    double epsilon = decimal(json("epsilon --delta 1e-5" + rounds), "pld", "epsilon");
    double delta = decimal(json("delta --epsilon " + epsilon + rounds), "pld", "delta");
    assertThat(delta).isCloseTo(1e-5, within(1e-10));
  }

  @Test
  void calibratedMultiplierKeepsTheTargetAndOneStepLessDoesNot() throws Exception {
    JsonNode tree = json("calibrate --epsilon 1 --delta 1e-5 --sampling-rate 0.05 --rounds 400");
    assertThat(tree.path("pld").path("noiseMultiplier").asText()).startsWith("3.87");
    assertThat(decimal(tree, "pld", "epsilon")).isLessThanOrEqualTo(1);
    double z = decimal(tree, "pld", "noiseMultiplier");
    assertThat(decimal(tree, "rdp", "noiseMultiplier")).isGreaterThan(z);
    String less =
        "epsilon --delta 1e-5 --sampling-rate 0.05 --rounds 400 --noise-multiplier " + (z - 1e-4);
    assertThat(decimal(json(less), "pld", "epsilon")).isGreaterThan(1);
  }

  @Test
  void kindsOfRoundsAddUpWhetherTypedOrInAFile() throws Exception {
    Path file = folder.resolve("rounds.txt");
    Files.writeString(file, "# training\n3.9 0.05 400\n\n10 1 1  # evaluation\n");
    double typed =
        decimal(
            json(
                "epsilon --noise-multiplier 3.9 --sampling-rate 0.05 --rounds 400 --noise-multiplier 10 --sampling-rate 1 --rounds 1 --delta 1e-5"),
            "pld",
            "epsilon");
    double read = decimal(json("epsilon --delta 1e-5 --file " + file), "pld", "epsilon");
    double alone =
        decimal(
            json("epsilon --noise-multiplier 3.9 --sampling-rate 0.05 --rounds 400 --delta 1e-5"),
            "pld",
            "epsilon");
    assertThat(read).isEqualTo(typed).isGreaterThan(alone);
  }

  @Test
  void calibrationPaysTheFilesRoundsFirstAndSaysWhenNothingIsLeft() throws Exception {
    Path file = folder.resolve("evaluation.txt");
    Files.writeString(file, "10 1 1\n");
    String line = "calibrate --delta 1e-5 --rounds 30 --epsilon ";
    double beside = decimal(json(line + "1 --file " + file), "pld", "noiseMultiplier");
    assertThat(beside).isGreaterThan(decimal(json(line + "1"), "pld", "noiseMultiplier"));
    assertThat(run(line + "0.3 --file " + file)).isEqualTo(ExitStatus.REFUSED);
    assertThat(printed()).contains("out of reach");
  }

  @Test
  void wrongNumbersEndWithTwoAndAreNamed() throws Exception {
    refused("epsilon --noise-multiplier 0 --delta 1e-5", "noise multiplier");
    refused("epsilon --noise-multiplier 1 --sampling-rate 1.5 --delta 1e-5", "sampling rate");
    refused("epsilon --noise-multiplier 1 --rounds 0 --delta 1e-5", "count");
    refused("epsilon --noise-multiplier 1 --delta 1", "delta");
    refused("epsilon --noise-multiplier 1 --sampling-rate 0.5 --delta 1e-12", "1e-10");
    refused("epsilon --noise-multiplier 1", "--delta");
    refused("epsilon --delta 1e-5", "no rounds");
    refused(
        "epsilon --noise-multiplier 1 --noise-multiplier 2 --sampling-rate 0.5 --delta 1e-5",
        "--sampling-rate stands 1 times");
    refused("delta --noise-multiplier 1 --epsilon -1", "epsilon");
    refused("calibrate --epsilon 0 --delta 1e-5", "target epsilon");
    refused("calibrate --epsilon 1 --delta 1e-5 --noise-multiplier 3", "--file");
    refused("epsilon --delta 1e-5 --file " + folder.resolve("absent"), "no such file");
    Path file = folder.resolve("rounds.txt");
    Files.writeString(file, "1 1 1\n1 0.5\n");
    refused("epsilon --delta 1e-5 --file " + file, "rounds.txt:2");
    Files.writeString(file, "1 x 1\n");
    refused("epsilon --delta 1e-5 --file " + file, "rounds.txt:1");
  }

  private void refused(String line, String word) {
    assertThat(run(line)).as(line).isEqualTo(ExitStatus.INVALID);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains(word);
  }

  @Test
  void noNoiseHasNoBoundAndSaysSo() throws Exception {
    JsonNode tree =
        json("epsilon --noise-multiplier 0.001 --sampling-rate 0.5 --rounds 1000 --delta 1e-5");
    assertThat(tree.path("pld").path("epsilon").asText()).isEqualTo("infinite");
  }

  @Test
  void aJobsMechanismIsAttackedFromItsFileAndThePolicyAlone() throws Exception {
    Path policy = Path.of("../policies/examples/hospital-consortium/policy.yaml");
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        """
        schema: job/1
        name: risk
        federation: cardio-eu
        dataset: heart
        analysis:
          kind: train
          model: {kind: logistic, features: [age, sex], label: disease, scaling: schema}
          strategy: {kind: dp-sgd, rounds: 20, samplingRate: "1", clipNorm: "1.0", optimizer: {kind: sgd, learningRate: "0.5"}}
        privacy: {epsilon: "1.0", delta: "1e-5"}
        """);
    String line = "audit " + job + " --policy " + policy;
    assertThat(run(line + " --json")).isEqualTo(ExitStatus.DONE);
    String first = printed();
    JsonNode tree = new ObjectMapper().readTree(first);
    assertThat(tree.path("schema").asText()).isEqualTo("canary/1");
    assertThat(tree.path("verdict").asText()).isEqualTo("consistent");
    assertThat(tree.path("openings").asInt()).isEqualTo(20);
    assertThat(tree.path("silos").asInt()).as("three, one of whom may collude").isEqualTo(2);
    assertThat(tree.path("ceiling").asDouble()).isGreaterThan(3);
    assertThat(tree.path("lowerBound").asDouble()).isLessThan(1);
    assertThat(run(line + " --json")).isEqualTo(ExitStatus.DONE);
    assertThat(printed()).as("the same seed, the same figures").isEqualTo(first);
    assertThat(run(line + " --seed other")).isEqualTo(ExitStatus.DONE);
    assertThat(printed()).contains("of 100 guesses about 1000 canaries").contains("consistent");
    Files.writeString(job, Files.readString(job).replace("heart", "lungs"));
    assertThat(run(line)).isEqualTo(ExitStatus.INVALID);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("job.dataset").isNotEmpty();
  }
}
