package io.concordat.e2e.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.command.SignedJobFile;
import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.Programs;
import io.concordat.client.demo.data.DemoRecords;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.ProblemException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.ConsoleInit;
import io.concordat.homes.SiloHome;
import io.concordat.policies.PolicySignatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The demo's federation with the people who decide about it: officers with their keys and consoles,
 * a scientist, an operator.
 */
final class AgreedFederation implements AutoCloseable {
  static final Set<String> ENDS = Set.of("Succeeded", "Failed", "Cancelled", "Refused");

  /** As many as sign a version of the demo's policy. */
  static final List<String> SIGNERS = List.of("cleveland", "budapest", "zurich-basel");

  final LocalFederation federation;
  final FederationClient scientist;
  final FederationClient operator;
  private final Path folder;
  private final Path tokens;

  /** Starts it; every hospital has its part of each of these records. */
  AgreedFederation(Path folder, Collection<DemoRecords> records) throws Exception {
    this.folder = folder;
    List<LocalFederation.SiloRecords> hospitals = new ArrayList<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      Path own = folder.resolve("records").resolve(hospital);
      Map<String, Path> files = new TreeMap<>();
      for (DemoRecords one : records) {
        files.put(one.name(), one.write(hospital, own));
      }
      hospitals.add(new LocalFederation.SiloRecords(hospital, files));
    }
    Path home = Files.createDirectories(folder.resolve("federation"));
    federation =
        LocalFederation.create(
            home,
            Programs.ofThisProcess().brief(),
            hospitals,
            0,
            Instant.now(),
            new SystemRandomness());
    federation.start(name -> {});
    scientist = federation.client("scientist");
    operator = federation.client("operator");
    tokens = federation.writeTokens();
  }

  static Path data() throws IOException {
    return Programs.ofThisProcess().root().resolve("demo-data");
  }

  @Override
  public void close() throws InterruptedException {
    scientist.close();
    operator.close();
    federation.close();
  }

  Path home(String hospital) {
    return federation.silo(hospital).home();
  }

  /** Version {@code n} of the policy. */
  Path policy(int n) {
    return federation.folder().resolve(n == 1 ? "policy.yaml" : "policy-" + n + ".yaml");
  }

  // ---- versions

  /** The next version after {@code n}, with one change of its text; nobody has signed it. */
  Path following(int n, String from, String to) throws IOException {
    Path file = policy(n + 1);
    draft(n, from, to, file);
    return file;
  }

  void draft(int n, String from, String to, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(policy(n));
    String text = new String(bytes, StandardCharsets.UTF_8);
    assertThat(text).contains(from);
    Files.writeString(
        file,
        text.replaceFirst(
                "version: [0-9]+\n(previousSha256: \\S+\n)?",
                "version: " + (n + 1) + "\npreviousSha256: " + Digests.sha256(bytes) + "\n")
            .replace(from, to));
  }

  void sign(Path policy, List<String> institutions) throws Exception {
    byte[] bytes = Files.readAllBytes(policy);
    PolicySignatures signatures = PolicySignatures.none(bytes);
    for (String institution : institutions) {
      signatures = signatures.sign(bytes, federation.officer(institution));
    }
    Files.write(policy.resolveSibling(policy.getFileName() + ".sig"), signatures.write());
  }

  // ---- commands

  /** Types a command with the token of a person of the federation. */
  Typed.Ended by(String person, Object... command) {
    List<Object> all = new ArrayList<>(List.of(command));
    all.addAll(
        List.of(
            "--server",
            operator.server(),
            "--token-file",
            tokens.resolve(person),
            "--ca",
            federation.folder().resolve("ca.pem")));
    return Typed.ended(all);
  }

  /** The operator types a command that must succeed. */
  String server(Object... command) {
    Typed.Ended ended = by("operator", command);
    assertThat(ended.status()).as("%s: %s", List.of(command), ended.text()).isZero();
    return ended.text();
  }

  /** Types a command for a node's own console. */
  Typed.Ended atConsole(String hospital, Object... command) throws IOException {
    List<Object> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--home", home(hospital), "--console-token-file", consoleToken(hospital)));
    return Typed.ended(all);
  }

  /** An officer decides at the institution's own console. */
  void officer(String hospital, String decision, Object... more) throws IOException {
    List<Object> all = new ArrayList<>(List.of("approval", decision));
    all.addAll(List.of(more));
    all.addAll(List.of("--officer", "Officer of " + hospital));
    Typed.Ended ended = atConsole(hospital, all.toArray());
    assertThat(ended.status()).as("%s: %s", all, ended.text()).isZero();
  }

  Path consoleToken(String hospital) throws IOException {
    Path token = folder.resolve("console-" + hospital);
    if (!Files.exists(token)) {
      SiloHome silo = new SiloHome(home(hospital));
      Files.writeString(token, new ConsoleInit(silo, new SystemRandomness()).newToken());
    }
    return token;
  }

  /** The console of a hospital's node for the hospital's own people. */
  Console console(String hospital) throws IOException, InterruptedException {
    return Console.with(
        federation.silo(hospital), Files.readString(consoleToken(hospital)).strip());
  }

  /** The token with which one of the federation's people calls the aggregator. */
  String token(String person) throws IOException {
    return Files.readString(tokens.resolve(person)).strip();
  }

  // ---- jobs

  SignedJobFile job(String name, String dataset, String rest) throws Exception {
    String text =
        "schema: job/1\nname: "
            + name
            + "\nfederation: cardio-demo\ndataset: "
            + dataset
            + "\n"
            + rest;
    return SignedJobFile.sign(
        text.getBytes(StandardCharsets.UTF_8), name + ".yaml", federation.submitter());
  }

  SignedJobFile statistics(String name, String dataset, String columns, String privacy)
      throws Exception {
    return job(
        name, dataset, "analysis: {kind: statistics, columns: [" + columns + "]}\n" + privacy);
  }

  /** Hands a job in; its id. */
  String submit(SignedJobFile job) throws Exception {
    return scientist
        .submit(job.text(), job.submitter(), job.signature(), false)
        .path("id")
        .asText();
  }

  JsonNode price(SignedJobFile job) throws Exception {
    return scientist.submit(job.text(), job.submitter(), job.signature(), true);
  }

  /** The code of the refusal that a job meets. */
  String refusal(SignedJobFile job) throws Exception {
    try {
      return "accepted as " + submit(job);
    } catch (ProblemException refused) {
      return refused.code();
    }
  }

  JsonNode find(String id) throws Exception {
    return scientist.get("/api/v1/jobs/" + id);
  }

  void awaitState(String id, String state) throws Exception {
    Typed.until(id + " is " + state, () -> find(id).path("state").asText().equals(state));
  }

  JsonNode await(String id) throws Exception {
    Typed.until(id + " ends", () -> ENDS.contains(find(id).path("state").asText()));
    return find(id);
  }

  JsonNode succeeded(String id) throws Exception {
    JsonNode ended = await(id);
    assertThat(ended.path("state").asText()).as("%s", ended).isEqualTo("Succeeded");
    return ended;
  }
}
