package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.demo.Programs;
import io.concordat.client.http.FederationClient;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.AggregatorInit;
import io.concordat.homes.Home;
import io.concordat.protocol.policy.LogKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concordat aggregator ...}: make an aggregator's home and run it. */
@Command(
    name = "aggregator",
    mixinStandardHelpOptions = true,
    description = "Make an aggregator's home, and run it.",
    footer = {
      "",
      "Examples:",
      "  concordat aggregator init --home /var/lib/concordat --origin concordat.example/cardio-eu",
      "  concordat aggregator init --home /var/lib/concordat --policy policy.yaml --tls aggregator.p12 --ca ca.pem",
      "  concordat aggregator wrap --home /var/lib/concordat --library /usr/lib/softhsm/libsofthsm2.so --pin-file pin",
      "  concordat aggregator run --home /var/lib/concordat",
      "  concordat aggregator enrol charite -o charite.invitation",
      "  concordat aggregator enrolments",
      "  concordat aggregator request 6f1e... -o charite.request",
      "  concordat aggregator certificate 6f1e... charite.pem",
      "  concordat aggregator revoke charite --key sha256:... --reason lost"
    })
public final class AggregatorCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description =
          "Make or complete a home; call it again as policy and certificate arrive. What is there is kept.")
  int init(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path home,
      @Option(
              names = "--origin",
              paramLabel = "NAME",
              description =
                  "The log's origin; makes the log key and prints its public halves for the policy.")
          @Nullable String origin,
      @Mixin PaperOptions papers,
      @Option(
              names = "--person",
              paramLabel = "NAME=ROLE",
              description =
                  "Makes a token for a person: data-scientist, compliance-officer or operator; shown once.")
          @Nullable Map<String, String> people,
      @Mixin Output output)
      throws Exception {
    AggregatorInit init = new AggregatorInit(home, new SystemRandomness());
    init.createFolders();
    Map<String, Object> made = new LinkedHashMap<>();
    if (origin != null) {
      LogKeys keys = init.logKey(origin);
      made.put("logKey", keys.classic());
      made.put("logQuantumKey", keys.quantum());
      made.put("releaseKey", keys.release());
    }
    papers.into(init::policy, init::certificate, made);
    if (people != null) {
      made.put("tokens", new TreeMap<>(init.tokens(people)));
    }
    String missing = init.missing().orElse("");
    made.put("missing", missing);
    if (output.json) {
      output.printJson(made);
    } else {
      made.forEach((key, value) -> output.terminal().line(key + ": " + value));
      output.say(
          missing.isEmpty() ? "ready: concordat aggregator run --home " + home : "not ready yet");
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "wrap",
      mixinStandardHelpOptions = true,
      description =
          "Wrap the password of the TLS key store by a PKCS#11 token; from then on the aggregator starts with the token only.")
  int wrap(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path root,
      @Mixin TokenOptions options,
      @Mixin Output output)
      throws Exception {
    Home home = new Home(root);
    if (!Files.exists(home.tlsPasswordFile())) {
      throw new InvalidInputException(
          home.tlsPasswordFile() + " is missing: run 'concordat aggregator init --tls FILE' first");
    }
    options.wrap(home, List.of(home.tlsPasswordFile()), output);
    return ExitStatus.DONE;
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Run the aggregator of a home in the foreground.")
  int run(@Option(names = "--home", paramLabel = "DIR", required = true) Path home)
      throws Exception {
    return HomeFiles.run(Programs.ofThisProcess(), "aggregator", home);
  }

  @Command(
      name = "enrol",
      mixinStandardHelpOptions = true,
      description =
          "Invite an institution: a signed file, good for one node and 72 hours. Read its fingerprint over the telephone.")
  int enrol(
      @Parameters(paramLabel = "INSTITUTION") String institution,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              required = true)
          Path target,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      JsonNode made =
          client.post(
              "/api/v1/enrolments", JSON.createObjectNode().put("institution", institution));
      SecretFile.write(target, Base64.getUrlDecoder().decode(made.path("file").asText()));
      if (output.json) {
        output.printJson(
            Map.of(
                "file", target.toString(),
                "fingerprint", made.path("fingerprint").asText(),
                "expiresAt", made.path("expiresAt").asText()));
      } else {
        output.terminal().line(target + "  " + made.path("fingerprint").asText());
        output.say("good until " + made.path("expiresAt").asText() + ", for " + institution);
        output.say("there: concordat silo init --home DIR --bootstrap " + target.getFileName());
      }
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "enrolments",
      mixinStandardHelpOptions = true,
      description = "List invitations, requests for certificates, renewals, with fingerprints.")
  int enrolments(@Mixin ServerOptions server, @Mixin Output output) throws Exception {
    try (FederationClient client = server.connect()) {
      List<JsonNode> items = client.all("/api/v1/enrolments");
      if (output.json) {
        output.printJson(Map.of("items", items));
      } else {
        for (JsonNode item : items) {
          output
              .terminal()
              .line(
                  String.join(
                      "  ",
                      item.path("id").asText(),
                      item.path("institution").asText(),
                      item.path("kind").asText(),
                      item.path("state").asText(),
                      item.path("fingerprint").asText("")));
        }
      }
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "request",
      mixinStandardHelpOptions = true,
      description = "Fetch a request, to carry it to the authority's machine.")
  int request(
      @Parameters(paramLabel = "ENROLMENT") String id,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              required = true)
          Path target,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      client.download("/api/v1/enrolments/" + id + "/request", target);
    }
    output.say("sign it on the authority's machine with: concordat pki request " + target);
    return ExitStatus.DONE;
  }

  @Command(
      name = "certificate",
      mixinStandardHelpOptions = true,
      description = "Hand in the certificate that the authority issued; the node fetches it.")
  int certificate(
      @Parameters(paramLabel = "ENROLMENT") String id,
      @Parameters(paramLabel = "FILE.pem") Path file,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    try (FederationClient client = server.connect()) {
      client.put(
          "/api/v1/enrolments/" + id + "/certificate",
          JSON.createObjectNode().put("certificate", Files.readString(file)));
    }
    output.say("taken");
    return ExitStatus.DONE;
  }

  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      description =
          "Close the door to a key: a certificate's or a node key. The next request with it is refused.")
  int revoke(
      @Parameters(paramLabel = "INSTITUTION") String institution,
      @Option(
              names = "--key",
              paramLabel = "sha256:HEX",
              description = "The key's digest, as the log's node.enrolled names it.")
          @Nullable String key,
      @Option(
              names = "--certificate",
              paramLabel = "FILE.pem",
              description = "Or the certificate itself.")
          @Nullable Path certificate,
      @Option(
              names = "--reason",
              paramLabel = "WORD",
              required = true,
              description = "compromised, lost, replaced or left; it stands in the log.")
          String reason,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    if ((key == null) == (certificate == null)) {
      throw new InvalidInputException("give --key or --certificate, one of them");
    }
    String digest = key;
    if (certificate != null) {
      try {
        digest =
            Certificates.keyDigest(Certificates.fromPem(Files.readString(certificate)).getFirst())
                .toString();
      } catch (DecodeException bad) {
        throw new InvalidInputException(certificate + ": " + bad.getMessage(), bad);
      }
    }
    try (FederationClient client = server.connect()) {
      client.post(
          "/api/v1/revocations",
          JSON.createObjectNode()
              .put("institution", institution)
              .put("key", digest)
              .put("reason", reason));
    }
    output.say("revoked: " + digest);
    return ExitStatus.DONE;
  }
}
