package io.concordat.e2e.flow;

import static io.concordat.e2e.flow.Typed.typed;
import static io.concordat.e2e.flow.Typed.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.http.FederationClient;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.AuthorityFolder;
import io.concordat.homes.SiloHome;
import io.concordat.homes.enrolment.NodeCertificateFiles;
import io.concordat.policies.PolicySignatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The demo's federation as processes, with an authority that gives certificates of any age, one
 * node behind a bad line, and commands as people type them.
 */
final class CertifiedFederation implements AutoCloseable {
  static final Set<String> ENDS = Set.of("Succeeded", "Failed", "Cancelled", "Refused");

  private static final Randomness RANDOMNESS = new SystemRandomness();
  private static final String PASSWORD = "short-lived";

  final LocalFederation federation;
  private final Path folder;
  private final List<String> connection = new ArrayList<>();

  CertifiedFederation(Path folder) throws Exception {
    this.folder = folder;
    Programs programs = Programs.ofThisProcess().brief();
    DemoRecords records = DemoRecords.breastCancer(programs.root().resolve("demo-data"));
    List<LocalFederation.SiloRecords> hospitals = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path file = records.write(hospital, folder.resolve("records").resolve(hospital));
      hospitals.add(new LocalFederation.SiloRecords(hospital, Map.of(records.name(), file)));
    }
    Path home = Files.createDirectories(folder.resolve("federation"));
    federation = LocalFederation.create(home, programs, hospitals, 0, Instant.now(), RANDOMNESS);
    for (String hospital : DemoRecords.HOSPITALS) {
      Path settings = settings(hospital);
      Files.writeString(
          settings, Files.readString(settings) + "concordat.renewal-check: \"PT1S\"\n");
    }
  }

  void start() throws Exception {
    federation.start(name -> {});
    try (FederationClient operator = federation.client("operator")) {
      connection.addAll(
          List.of(
              "--server",
              operator.server().toString(),
              "--token-file",
              federation.writeTokens().resolve("operator").toString(),
              "--ca",
              authority().certificate().toString()));
    }
  }

  @Override
  public void close() throws InterruptedException {
    federation.close();
  }

  AuthorityFolder authority() {
    return new AuthorityFolder(federation.folder().resolve("ca"));
  }

  Path home(String hospital) {
    return federation.silo(hospital).home();
  }

  private Path settings(String hospital) {
    return home(hospital).resolve("config/application.yaml");
  }

  String log(String hospital) throws IOException {
    return Files.readString(federation.silo(hospital).log());
  }

  /** The certificate that a node's home has now. */
  X509Certificate certificate(String hospital) throws Exception {
    return new NodeCertificateFiles(new SiloHome(home(hospital)), RANDOMNESS)
        .current()
        .orElseThrow()
        .certificate();
  }

  /** Puts a certificate of any age into a node's home, as an operator who was handed one. */
  void handIn(String hospital, Instant from, Duration life) throws Exception {
    CertificateAuthority authority = authority().open();
    TlsKey key = TlsKey.generate(RANDOMNESS);
    CertificateRequest request = CertificateRequest.create(key, hospital);
    Path store =
        save(
            hospital + "-" + from.toEpochMilli(),
            key,
            authority.issueNode(request, hospital, from, life, RANDOMNESS));
    typed(
        "silo",
        "init",
        "--home",
        home(hospital),
        "--institution",
        hospital,
        "--tls",
        store,
        "--ca",
        authority().certificate());
  }

  /** Puts one into the aggregator's home. */
  void handInAggregator(Instant from, Duration life) throws Exception {
    TlsKey key = TlsKey.generate(RANDOMNESS);
    CertificateRequest request = CertificateRequest.create(key, "aggregator");
    Path store =
        save(
            "aggregator-" + from.toEpochMilli(),
            key,
            authority().open().issueServer(request, List.of(), from, life, RANDOMNESS));
    typed(
        "aggregator",
        "init",
        "--home",
        federation.aggregator().home(),
        "--tls",
        store,
        "--ca",
        authority().certificate());
  }

  private Path save(String name, TlsKey key, X509Certificate certificate) throws IOException {
    Path store = folder.resolve(name + ".p12");
    new TlsIdentity(key, List.of(certificate)).save(store, PASSWORD.toCharArray());
    Files.writeString(folder.resolve(name + ".p12.password"), PASSWORD);
    return store;
  }

  /** Leads a node's connections through a relay. */
  Relay badLine(String hospital) throws Exception {
    String text = Files.readString(settings(hospital));
    Matcher address = Pattern.compile("https://localhost:(\\d+)").matcher(text);
    assertThat(address.find()).isTrue();
    Relay relay = new Relay(Integer.parseInt(address.group(1)));
    Files.writeString(
        settings(hospital), text.replace(address.group(), "https://localhost:" + relay.port()));
    return relay;
  }

  /** The demo's policy for models of more than a chunk, signed again by everybody. */
  void allowLargeModels() throws Exception {
    Path file = federation.folder().resolve("policy.yaml");
    String text = Files.readString(file);
    assertThat(text).contains("maxParameters: 1000000");
    Files.writeString(file, text.replace("maxParameters: 1000000", "maxParameters: 4000000"));
    byte[] bytes = Files.readAllBytes(file);
    PolicySignatures signatures = PolicySignatures.none(bytes);
    for (String hospital : DemoRecords.HOSPITALS) {
      signatures = signatures.sign(bytes, federation.officer(hospital));
    }
    Files.write(file.resolveSibling("policy.yaml.sig"), signatures.write());
    typed("aggregator", "init", "--home", federation.aggregator().home(), "--policy", file);
    for (String hospital : DemoRecords.HOSPITALS) {
      typed("silo", "init", "--home", home(hospital), "--institution", hospital, "--policy", file);
    }
  }

  // ---- by hand

  /** Types a command that must succeed, with address, token and authority of the operator. */
  String server(Object... command) {
    List<Object> all = new ArrayList<>(List.of(command));
    all.addAll(connection);
    return typed(all.toArray());
  }

  /** The firewall team's page, whether all is well or not. */
  String doctor(String hospital) {
    return Typed.ended(List.of("silo", "doctor", "--home", home(hospital))).text();
  }

  // ---- jobs and the log

  /** All entries of the log, page by page, as the API shows them. */
  String entries() throws Exception {
    try (FederationClient operator = federation.client("operator")) {
      return operator.all("/api/v1/audit/entries").toString();
    }
  }

  /** How many entries are notices of this event. */
  int count(String event) throws Exception {
    Matcher found =
        Pattern.compile("\"event\":\"" + Pattern.quote(event) + "\"").matcher(entries());
    return (int) found.results().count();
  }

  JsonNode job(String id) throws Exception {
    try (FederationClient scientist = federation.client("scientist")) {
      return scientist.get("/api/v1/jobs/" + id);
    }
  }

  JsonNode rounds(String id) throws Exception {
    try (FederationClient scientist = federation.client("scientist")) {
      return scientist.get("/api/v1/jobs/" + id + "/rounds").path("items");
    }
  }

  String submit(String name, String hidden, int rounds) throws Exception {
    String text =
        """
        schema: job/1
        name: %s
        federation: cardio-demo
        dataset: breast-cancer
        analysis:
          kind: train
          model: {kind: mlp, hidden: %s, seed: 1, features: [radius_mean, area_mean], label: malignant, scaling: schema}
          strategy:
            kind: fedavg
            rounds: %s
            localEpochs: 1
            batch: 64
            learningRate: "0.1"
            encoding: {bits: 20, range: "4.0"}
        """
            .formatted(name, hidden, rounds);
    SignedJobFile signed =
        SignedJobFile.sign(
            text.getBytes(StandardCharsets.UTF_8), name + ".yaml", federation.submitter());
    try (FederationClient scientist = federation.client("scientist")) {
      return scientist
          .submit(signed.text(), signed.submitter(), signed.signature(), false)
          .path("id")
          .asText();
    }
  }

  /** Waits for a job's end, which must be its success. */
  JsonNode succeeded(String id) throws Exception {
    until(id + " ends", () -> ENDS.contains(job(id).path("state").asText()));
    JsonNode ended = job(id);
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("Succeeded");
    return ended;
  }
}
