package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.ServiceProcess;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.FederationTls;
import io.concordat.client.http.ProblemException;
import io.concordat.client.http.UnreachableException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The native executables in a federation of their own. Run by {@code mvn verify -Dnative-tests}
 * after {@code ./concordat native}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NativeIT {
  @TempDir private static Path folder;

  private static Programs executables;
  private static Hospitals hospitals;

  @BeforeAll
  static void start() throws Exception {
    executables = Programs.executables();
    hospitals = Hospitals.create(folder.resolve("native"), executables, new SeededBytes(1)).start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (hospitals != null) {
      hospitals.close();
    }
  }

  @Test
  @Order(1)
  void startReportHealthAndMetricsAndTheCKernel() throws Exception {
    for (String name : List.of("aggregator", "cleveland", "budapest")) {
      ServiceProcess service = service(name);
      String management = service.awaitReady().managementUrl();
      HttpResponse<String> ready = get(HttpClient.newHttpClient(), management + "/q/health/ready");
      assertThat(ready.statusCode()).as(name).isEqualTo(200);
      assertThat(ready.body()).contains("\"status\": \"UP\"");
      assertThat(get(HttpClient.newHttpClient(), management + "/q/health/live").statusCode())
          .isEqualTo(200);
      assertThat(get(HttpClient.newHttpClient(), management + "/q/metrics").body())
          .contains("concordat_steps_seconds");
      assertThat(Files.readString(service.log())).contains("ring kernel native");
    }
    Run doctor = run("doctor", "--json", "--home", service("cleveland").home().toString());
    JsonNode page = new ObjectMapper().readTree(doctor.text);
    assertThat(page.path("findings").get(0).path("found").asText()).contains("native executable");
    assertThat(kernelInUse(page)).startsWith("native");
  }

  @Test
  @Order(2)
  void openTheirDoorsToEachRoleAsFarAsItReachesAndToNobodyElse() throws Exception {
    try (FederationClient scientist = client("scientist");
        FederationClient officer = client("officer");
        FederationClient operator = client("operator")) {
      assertThat(scientist.get("/api/v1/jobs").path("items").isArray()).isTrue();
      assertThat(officer.get("/api/v1/audit/entries").path("items")).isNotEmpty();
      assertThat(operator.get("/api/v1/tokens").path("items")).hasSize(3);
      assertThat(status(() -> scientist.get("/api/v1/tokens"))).isEqualTo(403);
      assertThat(status(() -> officer.get("/api/v1/tokens"))).isEqualTo(403);
      assertThat(status(() -> operator.submit("x", "y", "z", true))).isEqualTo(403);
      assertThat(status(() -> officer.get("/node/v1/work?wait=0"))).isEqualTo(401);
    }
    String server = service("aggregator").awaitReady().url();
    try (FederationClient stranger =
        new FederationClient(URI.create(server), null, FederationTls.trusting(authority()))) {
      assertThat(status(() -> stranger.get("/api/v1/jobs"))).isEqualTo(401);
    }
  }

  @Test
  @Order(3)
  void takeANodeByItsCertificateAndItsSignatureTogether() throws Exception {
    // The whole way of a node, certificate and signed requests, by the command line's own page.
    Run page = run("silo", "doctor", "--home", service("budapest").home().toString());
    assertThat(page.status).as(page.text).isZero();
    String work = service("aggregator").awaitReady().url() + "/node/v1/work?wait=0";
    Path home = service("budapest").home();
    char[] password = Files.readString(home.resolve("keys/tls.password")).strip().toCharArray();
    TlsIdentity node = TlsIdentity.load(home.resolve("keys/tls.p12"), password);
    List<java.security.cert.X509Certificate> roots =
        Certificates.fromPem(Files.readString(authority()));
    // A certificate alone opens nothing.
    assertThat(get(http(TlsContexts.mutual(node, roots)), work).statusCode()).isEqualTo(401);
    // One of an authority of the same name ends the handshake; one of another name stays at home.
    assertThatThrownBy(() -> get(http(TlsContexts.mutual(forged("cardio-demo"), roots)), work))
        .isInstanceOf(IOException.class);
    assertThat(get(http(TlsContexts.mutual(forged("other"), roots)), work).statusCode())
        .isEqualTo(401);
  }

  private static TlsIdentity forged(String authority) throws Exception {
    Randomness randomness = new SystemRandomness();
    Instant now = Instant.now();
    CertificateAuthority other =
        CertificateAuthority.create(authority, now, CertificateAuthority.ROOT_LIFE, randomness);
    TlsKey key = TlsKey.generate(randomness);
    return new TlsIdentity(
        key,
        List.of(
            other.issueNode(
                CertificateRequest.create(key, "budapest"),
                "budapest",
                now,
                CertificateAuthority.LEAF_LIFE,
                randomness)));
  }

  @Test
  @Order(4)
  void giveTheSameSumsAndTheSameTrainedModelAsJavaToTheLastBit() throws Exception {
    String network =
        Files.readString(executables.root().resolve("demo-data/jobs/breast-cancer.yaml"));
    JsonNode sums = hospitals.release(succeeded(hospitals.submitStatistics("sums")));
    JsonNode model = hospitals.release(succeeded(hospitals.submit(network)));
    try (Hospitals java =
        Hospitals.create(
                folder.resolve("java"), Programs.ofThisProcess().brief(), new SeededBytes(1))
            .start()) {
      JsonNode job = java.await(java.submitStatistics("sums"));
      assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
      // Numbers are written with as many digits as tell them apart: equal text is equal bits.
      assertThat(sums.path("columns").toString())
          .isEqualTo(java.release(job).path("columns").toString());
      JsonNode trained = java.await(java.submit(network));
      assertThat(trained.path("state").asText()).as("%s", trained).isEqualTo("Succeeded");
      JsonNode same = java.release(trained);
      assertThat(model.path("arrays").path("weights").path("values")).hasSizeGreaterThan(500);
      assertThat(model.path("arrays").toString()).isEqualTo(same.path("arrays").toString());
      assertThat(model.path("metrics").toString()).isEqualTo(same.path("metrics").toString());
    }
  }

  @Test
  @Order(5)
  void runTheWholeDemoAndVerifyItsLog() throws Exception {
    Path json = folder.resolve("demo.json");
    Run demo = run("demo", "--native", "--json", json.toString());
    assertThat(demo.status).as(demo.text).isZero();
    JsonNode result = new ObjectMapper().readTree(json.toFile());
    assertThat(result.path("jobs")).hasSize(2);
    for (JsonNode job : result.path("jobs")) {
      assertThat(job.path("logVerified").asBoolean()).isTrue();
      assertThat(job.path("accuracy").asDouble()).isGreaterThan(0.7);
    }
  }

  @Test
  @Order(6)
  void countAndFitClosedFormsWithoutAnyFileOfPyTorchAndRefuseNetworks() throws Exception {
    Path bare = Files.createDirectories(folder.resolve("bare"));
    Path full = Path.of(executables.command("aggregator", folder).getFirst());
    for (String name : List.of("concordat-aggregator", "concordat-silo")) {
      Files.copy(full.resolveSibling(name), bare.resolve(name));
    }
    Programs small =
        new Programs(new Programs.Form.Executables(bare), executables.root(), List.of());
    try (Hospitals without =
        Hospitals.create(folder.resolve("without"), small, new SystemRandomness()).start()) {
      JsonNode counted = without.await(without.submitStatistics("counted"));
      assertThat(counted.path("state").asText()).as("%s", counted).isEqualTo("Succeeded");
      String heart =
          Files.readString(executables.root().resolve("demo-data/jobs/heart-disease-risk.yaml"));
      JsonNode fitted = without.await(without.submit(heart));
      assertThat(fitted.path("state").asText()).as("%s", fitted).isEqualTo("Succeeded");
      String network =
          Files.readString(executables.root().resolve("demo-data/jobs/breast-cancer.yaml"));
      without.submit(network);
      ServiceProcess silo = without.federation().silo("budapest");
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!Files.readString(silo.log()).contains("training.no-engine")) {
        assertThat(System.nanoTime()).as(silo.lastLines()).isLessThan(deadline);
        Thread.sleep(100);
      }
    }
  }

  private static JsonNode succeeded(String id) throws Exception {
    JsonNode job = hospitals.await(id);
    assertThat(job.path("state").asText()).as("%s", job).isEqualTo("Succeeded");
    return job;
  }

  private static String kernelInUse(JsonNode page) {
    for (JsonNode kernel : page.path("kernels")) {
      if (kernel.path("state").asText().equals("in use")) {
        return kernel.path("name").asText();
      }
    }
    return "none";
  }

  private static ServiceProcess service(String name) {
    return name.equals("aggregator")
        ? hospitals.federation().aggregator()
        : hospitals.federation().silo(name);
  }

  private static FederationClient client(String person) throws Exception {
    return hospitals.federation().client(person);
  }

  private static Path authority() {
    return hospitals.federation().folder().resolve("ca.pem");
  }

  private static HttpClient http(SSLContext tls) {
    return HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
  }

  private static HttpResponse<String> get(HttpClient http, String url)
      throws IOException, InterruptedException {
    try (http) {
      return http.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private interface Call {
    Object run() throws ProblemException, UnreachableException;
  }

  private static int status(Call call) throws UnreachableException {
    try {
      call.run();
      return 200;
    } catch (ProblemException refused) {
      return refused.status();
    }
  }

  private record Run(int status, String text) {}

  /** The command line's executable. */
  private static Run run(String... arguments) throws Exception {
    Path service = Path.of(executables.command("aggregator", folder).getFirst());
    List<String> command = new ArrayList<>();
    command.add(service.resolveSibling("concordat").toString());
    command.add("-Dconcordat.root=" + executables.root());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes());
    return new Run(process.waitFor(), text);
  }
}
