package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.Concordat;
import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.ServiceProcess;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.ring.kernel.RingKernels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One federation for all tests here: starting five services costs more than what they then do. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FederationFlowIT {
  private static final List<DemoRecords.Side> SIDES = List.of(DemoRecords.Side.values());

  /** Local epochs of some seconds: batches of one patient, a step each. */
  private static final String AVERAGING =
      """
      dataset: breast-cancer
      analysis:
        kind: train
        model: {kind: mlp, hidden: [8], seed: 3, features: [radius_mean, texture_mean, concavity_mean], label: malignant, scaling: schema}
        strategy: {kind: fedavg, rounds: 2, localEpochs: 30, batch: 1, learningRate: "0.01", encoding: {bits: 20, range: "8.0"}}
        evaluation: {metrics: [accuracy, auc]}
      """;

  @TempDir private static Path folder;

  private static DemoRecords records;
  private static DemoRecords heart;
  private static LocalFederation federation;
  private static Scientist scientist;

  @BeforeAll
  static void start() throws Exception {
    Programs programs = Programs.ofThisProcess().brief();
    records = DemoRecords.breastCancer(programs.root().resolve("demo-data"));
    heart = DemoRecords.heartDisease(programs.root().resolve("demo-data"));
    List<LocalFederation.SiloRecords> hospitals = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path file = records.write(hospital, folder.resolve("records").resolve(hospital));
      Path capped = heart.write(hospital, folder.resolve("heart").resolve(hospital));
      hospitals.add(
          new LocalFederation.SiloRecords(
              hospital, Map.of(records.name(), file, heart.name(), capped)));
    }
    Path home = Files.createDirectories(folder.resolve("federation"));
    federation =
        LocalFederation.create(home, programs, hospitals, 0, Instant.now(), new SystemRandomness());
    federation.start(name -> {});
    scientist = new Scientist(federation.client("scientist"), federation.submitter(), folder);
  }

  @AfterAll
  static void stop() throws Exception {
    if (scientist != null) {
      scientist.close();
    }
    if (federation != null) {
      federation.close();
    }
  }

  @Test
  @Order(1)
  void opensTheVerySumsOfAllHospitalsTogether() throws Exception {
    JsonNode job = run("statistics-of-all");
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
    JsonNode released = scientist.release(job);
    List<List<String>> pooled = pooled();
    assertThat(released.path("patients").asLong()).isEqualTo(pooled.size());
    int column = records.header().indexOf("radius_mean");
    double mean =
        pooled.stream().mapToDouble(row -> Double.parseDouble(row.get(column))).average().orElse(0);
    JsonNode radius = released.path("columns").get(0);
    assertThat(radius.path("name").asText()).isEqualTo("radius_mean");
    assertThat(radius.path("count").asLong()).isEqualTo(pooled.size());
    // Values travel as bounded integers: the grid of a column is its range over a large power of 2.
    assertThat(radius.path("mean").asDouble()).isCloseTo(mean, within(mean * 1e-6));
    int diagnosis = records.header().indexOf("diagnosis");
    for (JsonNode level : released.path("columns").get(1).path("levels")) {
      String name = level.path("level").asText();
      assertThat(level.path("count").asLong())
          .as(name)
          .isEqualTo(pooled.stream().filter(row -> row.get(diagnosis).equals(name)).count());
    }
  }

  @Test
  @Order(2)
  void goesOnAfterANodeWasKilledAndStartedAgain() throws Exception {
    restart(federation.silo("budapest"));
    JsonNode job = run("statistics-after-a-kill");
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
    assertThat(scientist.release(job).path("patients").asLong()).isEqualTo(pooled().size());
  }

  @Test
  @Order(3)
  void goesOnAfterTheAggregatorWasKilledInTheMiddleOfAJob() throws Exception {
    String id = submit("statistics-through-a-kill");
    restart(federation.aggregator());
    JsonNode job = scientist.await(id);
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
    assertThat(scientist.release(job).path("patients").asLong()).isEqualTo(pooled().size());
  }

  @Test
  @Order(4)
  void opensNoisedMeansOfPatientsUnderACapNearTheTrueOnes() throws Exception {
    JsonNode job =
        scientist.await(
            scientist.submitFile(
                "private-statistics",
                """
                dataset: heart
                analysis: {kind: statistics, columns: [age, sex], bins: 6}
                privacy: {epsilon: "1.0", delta: "1e-5", attestation: on}
                """));
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
    JsonNode released = scientist.release(job);
    assertThat(released.path("schema").asText()).isEqualTo("noised-statistics/1");
    List<List<String>> pooled = new ArrayList<>();
    SIDES.forEach(side -> pooled.addAll(heart.pooled(DemoRecords.HOSPITALS, side)));
    double noise = released.path("noiseDeviation").asDouble();
    // Wrong once in some million runs; all but exact with noise this small would be wrong, too.
    assertThat(noise).isBetween(1.0, 30.0);
    assertThat(released.path("patients").asDouble()).isCloseTo(pooled.size(), within(5 * noise));
    int column = heart.header().indexOf("age");
    double mean =
        pooled.stream().mapToDouble(row -> Double.parseDouble(row.get(column))).average().orElse(0);
    JsonNode age = released.path("columns").get(0);
    assertThat(age.path("mean").asDouble())
        .isCloseTo(mean, within(5 * age.path("meanDeviation").asDouble()));
    assertThat(age.path("meanDeviation").asDouble()).isLessThan(3);
    assertThat(released.path("columns").get(1).path("kind").asText()).isEqualTo("histogram");
  }

  @Test
  @Order(5)
  void trainsPrivatelyOnFeaturesScaledByNoisedSumsOfTheFederation() throws Exception {
    JsonNode job =
        scientist.await(
            scientist.submitFile(
                "private-scaling",
                """
                dataset: heart
                analysis:
                  kind: train
                  model: {kind: logistic, features: [age, sex, cp, thalach, exang, oldpeak], label: disease, scaling: federation}
                  strategy:
                    kind: dp-sgd
                    rounds: 10
                    samplingRate: "1"
                    clipNorm: "1.0"
                    optimizer: {kind: sgd, learningRate: "1.0", momentum: "0"}
                    average: tail
                    scalingNoiseMultiplier: "5"
                  evaluation: {metrics: [accuracy, auc], noiseMultiplier: "10"}
                privacy: {epsilon: "1.5", delta: "1e-5"}
                """));
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
    assertThat(job.path("rounds").asInt()).isEqualTo(12);
    JsonNode model = scientist.release(job);
    assertThat(model.path("scaling").asText()).isEqualTo("federation");
    JsonNode center = model.path("arrays").path("center").path("values");
    JsonNode scale = model.path("arrays").path("scale").path("values");
    // Age, sex, three of cp, thalach, exang, oldpeak; the policy's are 55 and 140.
    assertThat(center).hasSize(8);
    assertThat(center.get(0).asDouble()).isBetween(40.0, 70.0);
    assertThat(scale.get(0).asDouble()).isBetween(3.0, 30.0);
    // Two thirds are men: a share that stands out of the noise has replaced the policy's 0.
    assertThat(center.get(1).asDouble()).isBetween(0.4, 1.0);
    assertThat(job.path("metrics").path("accuracy").asDouble()).isGreaterThan(0.6);
  }

  @Test
  @Order(6)
  void aSiloKilledInTheMiddleOfALocalEpochTrainsAgainAndTheModelIsTheVerySame() throws Exception {
    // Nothing is drawn in federated averaging but from the job's own seed, so an undisturbed run of
    // the same job says exactly what must come out.
    JsonNode undisturbed = scientist.await(scientist.submitFile("averaging-in-peace", AVERAGING));
    assertThat(undisturbed.path("state").asText()).as("%s", undisturbed).isEqualTo("Succeeded");

    ServiceProcess silo = federation.silo("long-beach");
    String id = scientist.submitFile("averaging-through-a-kill", AVERAGING);
    awaitTraining(silo, id);
    silo.kill();
    JsonNode round = scientist.rounds(id).get(scientist.rounds(id).size() - 1);
    assertThat(round.path("state").asText())
        .as("a silo that was training has sent nothing: %s", round)
        .isEqualTo("Collecting");
    silo.start();
    silo.awaitReady();

    JsonNode job = scientist.await(id);
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
    JsonNode model = scientist.release(job);
    JsonNode wanted = scientist.release(undisturbed);
    assertThat(model.path("arrays").path("weights")).isNotEmpty();
    assertThat(model.path("arrays")).isEqualTo(wanted.path("arrays"));
    assertThat(model.path("metrics")).isEqualTo(wanted.path("metrics"));
  }

  /** Returns while DJL works on a local epoch inside the process: its own stack says so. */
  private static void awaitTraining(ServiceProcess silo, String job) throws Exception {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (true) {
      Process dump =
          new ProcessBuilder(jcmd, Long.toString(silo.pid().orElseThrow()), "Thread.print")
              .redirectErrorStream(true)
              .start();
      String stacks = new String(dump.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (stacks.contains("io.concordat.silonode.training.LocalTrainer.train")) {
        return;
      }
      assertThat(System.nanoTime())
          .as("the silo never trained: %s", scientist.job(job))
          .isLessThan(deadline);
    }
  }

  @Test
  @Order(7)
  void leavesNoBoxSecretBehindOnceJobsHaveEnded() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    for (String hospital : DemoRecords.HOSPITALS) {
      Path boxes = federation.silo(hospital).home().resolve("boxes");
      while (true) {
        try (var files = Files.list(boxes)) {
          List<Path> left = files.toList();
          if (left.isEmpty()) {
            break;
          }
          assertThat(System.nanoTime()).as("still there: %s", left).isLessThan(deadline);
        }
        Thread.sleep(200);
      }
    }
  }

  @Test
  @Order(8)
  void aNodesConsoleShowsItsOwnPeopleHowItStands() throws Exception {
    try (Console console = Console.of(federation.silo("zurich-basel"))) {
      String job =
          "{\"job\":\"sha256:"
              + "00".repeat(32)
              + "\",\"decision\":\"approve\",\"officer\":\"Dr. Meyer\"}";
      JsonNode status = console.get("/api/v1/status").body();
      assertThat(status.path("institution").asText()).isEqualTo("zurich-basel");
      assertThat(status.path("connected").asBoolean()).isTrue();
      assertThat(status.path("replayed").asBoolean()).isTrue();
      assertThat(status.path("datasets")).hasSize(2);
      assertThat(status.path("troubles")).isEmpty();
      assertThat(status.path("jobs")).hasSizeGreaterThanOrEqualTo(3);

      JsonNode budget = console.get("/api/v1/budget").body().path("items");
      assertThat(budget).hasSize(1);
      assertThat(budget.get(0).path("dataset").asText()).isEqualTo("heart");
      assertThat(budget.get(0).path("takenRhoUnits").asLong()).isPositive();
      assertThat(budget.get(0).path("charges")).isNotEmpty();

      JsonNode first = console.get("/api/v1/audit?limit=2").body();
      assertThat(first.path("items")).hasSize(2);
      JsonNode next = console.get("/api/v1/audit?limit=500&after=" + first.path("next")).body();
      assertThat(next.path("items").get(0).path("id").asLong())
          .isGreaterThan(first.path("items").get(1).path("id").asLong());

      Console.Answer key = console.post("/api/v1/submitters", "{\"key\":\"x\",\"name\":\"y\"}");
      assertThat(key.status()).isEqualTo(400);
      assertThat(key.code()).isEqualTo("request.malformed");
      Console.Answer taken =
          console.post(
              "/api/v1/submitters",
              "{\"key\":\"" + federation.submitter().verifyingKey() + "\",\"name\":\"Ada\"}");
      assertThat(taken.status()).isEqualTo(202);
      assertThat(console.post("/api/v1/approvals", job).code()).isEqualTo("job.unknown");
    }
  }

  @Test
  @Order(8)
  void everyServicesLogNamesAtItsStartTheKernelThatDoctorNames() throws Exception {
    String kernel = kernelByDoctor();
    assertThat(kernel).isIn(RingKernels.offers().stream().map(RingKernels.Offer::name).toList());
    List<ServiceProcess> services = new ArrayList<>(List.of(federation.aggregator()));
    DemoRecords.HOSPITALS.forEach(hospital -> services.add(federation.silo(hospital)));
    for (ServiceProcess service : services) {
      List<String> named =
          Files.readAllLines(service.log()).stream()
              .filter(line -> line.contains("ring kernel "))
              .toList();
      assertThat(named).as("%s", service.log()).isNotEmpty();
      assertThat(named)
          .allSatisfy(
              line -> assertThat(line).containsPattern("ring kernel " + kernel + "($|[,;])"));
    }
  }

  /** As an operator asks, in a process of its own. */
  private static String kernelByDoctor() throws Exception {
    Path home = folder.resolve("doctor");
    Files.createDirectories(home.resolve("config"));
    ProcessBuilder doctor =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Concordat.class.getName(),
            "doctor",
            "--json",
            "--home",
            home.toString());
    Process process = doctor.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    JsonNode answer = new ObjectMapper().readTree(process.getInputStream());
    process.waitFor();
    for (JsonNode finding : answer.path("findings")) {
      String found = finding.path("found").asText();
      if (found.startsWith("ring kernel ")) {
        return found.substring("ring kernel ".length()).split("[,;]")[0];
      }
    }
    throw new AssertionError("doctor names no kernel: " + answer);
  }

  /** Kills it while it seems to write a large ciphertext, and starts it again. */
  private static void restart(ServiceProcess service) throws Exception {
    service.kill();
    Path half = service.home().resolve("blobs").resolve(".part-17");
    Files.write(half, new byte[1 << 20]);
    service.start();
    service.awaitReady();
    assertThat(half).as("nothing refers to it").doesNotExist();
  }

  private static JsonNode run(String name) throws Exception {
    return scientist.await(submit(name));
  }

  private static String submit(String name) throws Exception {
    return scientist.submitFile(
        name,
        "dataset: breast-cancer\n"
            + "analysis: {kind: statistics, columns: [radius_mean, diagnosis]}\n");
  }

  private static List<List<String>> pooled() {
    List<List<String>> rows = new ArrayList<>();
    SIDES.forEach(side -> rows.addAll(records.pooled(DemoRecords.HOSPITALS, side)));
    return rows;
  }
}
