package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureType;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.AuthorityFolder;
import io.concordat.homes.SiloHome;
import io.concordat.homes.enrolment.Bootstrap;
import io.concordat.homes.enrolment.CertificateAsk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hospital's IT with an invitation in hand, good and bad ones. */
class EnrolmentCommandsTest {
  private static final Randomness RANDOMNESS = new SystemRandomness();
  private static final SigningKey LOG_KEY = SigningKey.generate(RANDOMNESS);
  private static final String TOKEN = "cct_" + "A".repeat(43);

  @TempDir private Path folder;

  private AuthorityFolder ca;
  private Path home;
  private Path policy;
  private HttpsServer aggregator;
  private volatile String used = "";
  private volatile byte[] asked = new byte[0];
  private volatile String issued = "";

  @BeforeEach
  void aggregator() throws Exception {
    ca = new AuthorityFolder(folder.resolve("ca"));
    home = folder.resolve("home");
    Typed.command("pki", "init", "--federation", "cardio-eu", "--dir", ca.folder()).done();
    policy = Files.writeString(folder.resolve("policy.yaml"), "schema: policy/1\n");
    Files.writeString(folder.resolve("policy.yaml.sig"), "{}\n");
    CertificateAuthority authority = ca.open();
    TlsKey key = TlsKey.generate(RANDOMNESS);
    TlsIdentity server =
        new TlsIdentity(
            key,
            List.of(
                authority.issueServer(
                    CertificateRequest.create(key, "aggregator"),
                    List.of(),
                    Instant.now(),
                    Duration.ofDays(1),
                    RANDOMNESS)));
    aggregator = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    aggregator.setHttpsConfigurator(
        new HttpsConfigurator(TlsContexts.mutual(server, List.of(authority.certificate()))));
    aggregator.createContext("/enrol/v1/request", this::request);
    aggregator.createContext("/enrol/v1/certificate", this::certificate);
    aggregator.start();
  }

  @AfterEach
  void stop() {
    aggregator.stop(0);
  }

  /** As the aggregator does it: a token is good for one request, which may be repeated. */
  private void request(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String token = String.valueOf(exchange.getRequestHeaders().getFirst("Concordat-Invitation"));
    boolean repeat = asked.length == 0 || java.util.Arrays.equals(asked, body);
    if (!token.equals(TOKEN) || token.equals(used) && !repeat) {
      answer(
          exchange,
          401,
          "{\"code\":\"auth.failed\",\"detail\":\"the invitation was used\",\"hint\":\"Ask for another.\"}");
      return;
    }
    used = token;
    asked = body;
    answer(exchange, 202, "{}");
  }

  private void certificate(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        issued.isEmpty() ? 204 : 200,
        issued.isEmpty() ? "" : "{\"certificate\":\"" + issued.replace("\n", "\\n") + "\"}");
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/problem+json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Path invitation(Instant expires) throws Exception {
    return invitation(expires, Digests.sha256(Files.readAllBytes(policy)));
  }

  private Path invitation(Instant expires, Digest pinned) throws Exception {
    Bootstrap bootstrap =
        new Bootstrap(
            "cardio-eu",
            "charite",
            URI.create("https://localhost:" + aggregator.getAddress().getPort()),
            Certificates.toPem(ca.open().certificate()),
            List.of(
                NoteKey.of(
                        "cardio.example/log", SignatureType.ED25519, LOG_KEY.verifyingKey().bytes())
                    .line()),
            1,
            pinned,
            TOKEN,
            expires);
    return Files.write(
        folder.resolve("charite.invitation"),
        bootstrap.sign(LOG_KEY.verifyingKey(), LOG_KEY::sign));
  }

  private static Instant tomorrow() {
    return Instant.now().plus(Duration.ofDays(1));
  }

  private Typed init(Path invitation) {
    return Typed.command(
        "silo", "init", "--home", home, "--bootstrap", invitation, "--policy", policy);
  }

  private static String line(Typed typed, String key) {
    return typed
        .out()
        .lines()
        .filter(line -> line.startsWith(key + ": "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(typed.all()))
        .substring(key.length() + 2);
  }

  @Test
  void anInvitationBecomesACertificateInTwoCalls() throws Exception {
    Path invitation = invitation(tomorrow());
    Typed first = init(invitation).done();
    assertThat(first.all()).contains("certificate: not issued yet", "over the telephone");
    assertThat(line(init(invitation).done(), "requestFingerprint"))
        .as("called again, the same request")
        .isEqualTo(line(first, "requestFingerprint"));
    Path request = Files.write(folder.resolve("charite.request"), asked);
    assertThat(CertificateAsk.read(asked).nodeKey().shortFingerprint().toString())
        .isEqualTo(line(first, "nodeKeyFingerprint"));
    Path pem = folder.resolve("charite.pem");
    Typed.command(
            "pki",
            "request",
            request,
            "--institution",
            "charite",
            "--fingerprint",
            line(first, "requestFingerprint"),
            "--dir",
            ca.folder(),
            "-o",
            pem)
        .done();
    issued = Files.readString(pem);
    assertThat(init(invitation).done().all()).contains("certificate: valid until", "run it with");
    assertThat(new SiloHome(home).home().tlsKeyStoreFile()).exists();
    assertThat(init(invitation).done().all()).as("once more").contains("valid until");
  }

  @Test
  void anEndedInvitationIsRefusedBeforeAnythingIsSent() throws Exception {
    init(invitation(Instant.now().minusSeconds(1)))
        .ends(ExitStatus.INVALID, "charite.invitation", "ended");
    assertThat(asked).isEmpty();
    assertThat(home).doesNotExist();
  }

  @Test
  void anAlteredInvitationIsRefusedBeforeAnythingIsSent() throws Exception {
    Path invitation = invitation(tomorrow());
    String text = Files.readString(invitation);
    Files.writeString(invitation, text.replace("localhost", "lokalhost"));
    init(invitation).ends(ExitStatus.INVALID, "charite.invitation");
    Files.writeString(invitation, text.substring(0, text.length() / 2));
    init(invitation).ends(ExitStatus.INVALID, "charite.invitation");
    Files.writeString(invitation, "");
    init(invitation).ends(ExitStatus.INVALID, "charite.invitation");
    assertThat(asked).isEmpty();
    assertThat(home).doesNotExist();
  }

  @Test
  void anInvitationToAnotherPolicyOrInstitutionIsRefused() throws Exception {
    init(invitation(tomorrow(), Digests.sha256("another policy")))
        .ends(ExitStatus.INVALID, "not the policy that the invitation names");
    Typed.command(
            "silo",
            "init",
            "--home",
            home,
            "--institution",
            "ucl",
            "--bootstrap",
            invitation(tomorrow()))
        .ends(ExitStatus.INVALID, "the invitation is for charite, not for ucl");
    assertThat(asked).isEmpty();
  }

  @Test
  void aHomeOfOneFederationTakesNoInvitationToAnother() throws Exception {
    Path invitation = invitation(tomorrow());
    init(invitation).done();
    asked = new byte[0];
    Path other = folder.resolve("other");
    Typed.command("pki", "init", "--federation", "cardio-eu", "--dir", other).done();
    ca = new AuthorityFolder(other);
    init(invitation(tomorrow())).ends(ExitStatus.ENVIRONMENT, "holds another authority");
    assertThat(asked).isEmpty();
  }

  @Test
  void aUsedInvitationIsRefusedByTheAggregatorInItsWords() throws Exception {
    Path invitation = invitation(tomorrow());
    init(invitation).done();
    // A second node with the same paper has another key.
    home = folder.resolve("second");
    init(invitation).ends(ExitStatus.REFUSED, "auth.failed", "the invitation was used");
  }

  @Test
  void anAggregatorThatIsAwayOrAnotherOneIsSaid() throws Exception {
    Path invitation = invitation(tomorrow());
    int port = aggregator.getAddress().getPort();
    aggregator.stop(0);
    init(invitation).ends(ExitStatus.ENVIRONMENT, "localhost:" + port, "does not answer");
    // What was made so far is kept for the next call.
    assertThat(new SiloHome(home).nodeKeyFile()).exists();
  }

  @Test
  void aCertificateForSomebodyElseIsNotTaken() throws Exception {
    Path invitation = invitation(tomorrow());
    init(invitation).done();
    issued =
        Certificates.toPem(
            ca.open()
                .issueNode(
                    CertificateRequest.create(TlsKey.generate(RANDOMNESS), "charite"),
                    "charite",
                    Instant.now(),
                    Duration.ofDays(1),
                    RANDOMNESS));
    init(invitation).ends(ExitStatus.INVALID, "another key");
    assertThat(new SiloHome(home).home().tlsKeyStoreFile()).doesNotExist();
  }

  @Test
  void theDoctorSaysWhatIsMissingBeforeTheCertificateHasCome() throws Exception {
    init(invitation(tomorrow())).done();
    Typed.command("silo", "doctor", "--home", home)
        .ends(ExitStatus.ENVIRONMENT, "certificate", "none yet");
    Typed.command("silo", "doctor", "--home", folder.resolve("nowhere"))
        .ends(ExitStatus.INVALID, "nowhere");
  }

  @Test
  void tokensAndKeysNeedAHome() throws Exception {
    Path nowhere = folder.resolve("nowhere");
    Path pin = Files.writeString(folder.resolve("pin"), "4711");
    Typed.command("silo", "token", "--home", nowhere).ends(ExitStatus.INVALID, "nowhere");
    Typed.command("silo", "hold", "--home", nowhere, "--library", "/x.so", "--pin-file", pin)
        .ends(ExitStatus.INVALID, "no node's home");
    Typed.command("silo", "init", "--home", home, "--institution", "charite").done();
    Typed.command("silo", "hold", "--home", home).ends(ExitStatus.INVALID, "which token?");
    Typed.command("silo", "hold", "--home", home, "--library", "/x.so")
        .ends(ExitStatus.INVALID, "go together");
    Typed.command("silo", "hold", "--home", home, "--library", "/x.so", "--pin-file", pin)
        .ends(ExitStatus.INVALID, "/x.so: no such file");
    Typed.command("silo", "hold", "--home", home, "--library", pin, "--pin-file", pin)
        .ends(ExitStatus.ENVIRONMENT, "does not open");
    assertThat(home.resolve("keys/pkcs11.pin")).as("a token that does not open").doesNotExist();
  }

  @Test
  void aRevocationNamesOneKey() throws Exception {
    Path text = Files.writeString(folder.resolve("notes.txt"), "hello\n");
    Typed.command("aggregator", "revoke", "charite", "--reason", "lost")
        .ends(ExitStatus.INVALID, "--key or --certificate");
    Typed.command(
            "aggregator",
            "revoke",
            "charite",
            "--reason",
            "lost",
            "--key",
            "sha256:00",
            "--certificate",
            text)
        .ends(ExitStatus.INVALID, "--key or --certificate");
    Typed.command("aggregator", "revoke", "charite", "--reason", "lost", "--certificate", text)
        .ends(ExitStatus.INVALID, "notes.txt");
  }
}
