package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.NodeName;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.SystemRandomness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority's commands, as its keeper types them. */
class PkiCommandTest {
  @TempDir private Path folder;

  private Path ca;

  @BeforeEach
  void authority() {
    ca = folder.resolve("ca");
    Typed.command("pki", "init", "--federation", "cardio-eu", "--dir", ca).done();
  }

  private Path request(String institution) throws Exception {
    Path file = folder.resolve(institution + ".request");
    CertificateRequest request =
        CertificateRequest.create(TlsKey.generate(new SystemRandomness()), institution);
    return Files.writeString(file, request.toPem());
  }

  private static String fingerprint(Path request) throws Exception {
    return CertificateRequest.fromPem(Files.readString(request)).shortFingerprint().text();
  }

  @Test
  void anAuthorityIsMadeOnceAndItsKeyIsForItsOwnerOnly() throws Exception {
    assertThat(Files.readString(ca.resolve("ca.pem"))).contains("BEGIN CERTIFICATE");
    for (String secret : new String[] {"ca.p12", "ca.password"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(ca.resolve(secret))))
          .isEqualTo("rw-------");
    }
    byte[] before = Files.readAllBytes(ca.resolve("ca.p12"));
    Typed.command("pki", "init", "--federation", "cardio-eu", "--dir", ca)
        .ends(ExitStatus.INVALID, "holds an authority already", "never replaced");
    assertThat(ca.resolve("ca.p12")).hasBinaryContent(before);
  }

  @Test
  void aFederationIsNamedAsPoliciesNameIt() {
    Path other = folder.resolve("other");
    Typed.command("pki", "init", "--federation", "Cardio EU!", "--dir", other)
        .ends(ExitStatus.INVALID, "--federation Cardio EU!");
    assertThat(other.resolve("ca.p12")).doesNotExist();
  }

  @Test
  void aServerGetsItsHostsAndAKeyIsNeverOverwritten() throws Exception {
    Path store = folder.resolve("aggregator.p12");
    Typed.command("pki", "server", "--dir", ca, "--host", "agg.example", "-o", store).done();
    TlsIdentity identity = TlsIdentity.load(store, password(store));
    assertThat(identity.certificate().getSubjectAlternativeNames().toString())
        .contains("agg.example", "localhost");
    Typed.command("pki", "server", "--dir", ca, "--host", "agg.example", "-o", store)
        .ends(ExitStatus.INVALID, "exists already");
    assertThat(TlsIdentity.load(store, password(store)).certificate())
        .isEqualTo(identity.certificate());
    Typed.command("pki", "server", "--dir", ca, "--host", "no host", "-o", store + "2")
        .ends(ExitStatus.INVALID, "no host");
  }

  @Test
  void aNodesCertificateNamesFederationAndInstitution() throws Exception {
    Path store = folder.resolve("charite.p12");
    Typed.command("pki", "node", "charite", "--dir", ca, "-o", store).done();
    NodeName name = NodeName.of(TlsIdentity.load(store, password(store)).certificate());
    assertThat(name).isEqualTo(new NodeName("cardio-eu", "charite"));
    Typed.command("pki", "node", "Charité", "--dir", ca, "-o", folder.resolve("x.p12"))
        .ends(ExitStatus.INVALID, "Charité");
    assertThat(folder.resolve("x.p12")).doesNotExist();
  }

  @Test
  void aRequestIsSignedForTheFingerprintThatWasReadOut() throws Exception {
    Path request = request("charite");
    Path target = folder.resolve("charite.pem");
    Typed.command(
            "pki",
            "request",
            request,
            "--institution",
            "charite",
            "--fingerprint",
            fingerprint(request).toLowerCase(java.util.Locale.ROOT),
            "--dir",
            ca,
            "-o",
            target)
        .done();
    X509Certificate issued = Certificates.fromPem(Files.readString(target)).getFirst();
    assertThat(NodeName.of(issued).institution()).isEqualTo("charite");
    assertThat(Certificates.daysLeft(issued, java.time.Instant.now()))
        .isBetween(28L, CertificateAuthority.LEAF_LIFE.toDays());
  }

  @Test
  void anotherFingerprintOrInstitutionGetsNothing() throws Exception {
    Path request = request("charite");
    Path target = folder.resolve("x.pem");
    String other = fingerprint(request("ucl"));
    Typed.command(
            "pki",
            "request",
            request,
            "--institution",
            "charite",
            "--fingerprint",
            other,
            "--dir",
            ca,
            "-o",
            target)
        .ends(ExitStatus.INVALID, fingerprint(request), other);
    Typed.command(
            "pki",
            "request",
            request,
            "--institution",
            "ucl",
            "--fingerprint",
            fingerprint(request),
            "--dir",
            ca,
            "-o",
            target)
        .ends(ExitStatus.INVALID, "charite", "ucl");
    assertThat(target).doesNotExist();
  }

  @Test
  void whatIsNoRequestIsNamed() throws Exception {
    Path target = folder.resolve("x.pem");
    Path text = Files.writeString(folder.resolve("notes.txt"), "hello\n");
    Path altered =
        Files.writeString(
            folder.resolve("altered.request"),
            Files.readString(request("charite")).replaceFirst("MIH", "MIG"));
    for (Path bad : new Path[] {text, altered}) {
      Typed.command(
              "pki",
              "request",
              bad,
              "--institution",
              "charite",
              "--fingerprint",
              "AAAA-BBBB",
              "--dir",
              ca,
              "-o",
              target)
          .ends(ExitStatus.INVALID, bad.toString());
    }
    Typed.command(
            "pki",
            "request",
            folder.resolve("gone"),
            "--institution",
            "charite",
            "--fingerprint",
            "AAAA-BBBB",
            "--dir",
            ca,
            "-o",
            target)
        .ends(ExitStatus.INVALID, "no such file", "gone");
    assertThat(target).doesNotExist();
  }

  @Test
  void aFolderWithoutAnAuthorityOrWithAnOpenOneIsRefused() throws Exception {
    Path store = folder.resolve("x.p12");
    Typed.command("pki", "node", "charite", "--dir", folder.resolve("nowhere"), "-o", store)
        .ends(ExitStatus.INVALID, "no authority here", "concordat pki init");
    Files.setPosixFilePermissions(
        ca.resolve("ca.password"), PosixFilePermissions.fromString("rw-r--r--"));
    Typed.command("pki", "node", "charite", "--dir", ca, "-o", store)
        .ends(ExitStatus.ENVIRONMENT, "others must not open it", "chmod 600");
    assertThat(store).doesNotExist();
  }

  @Test
  void scriptsReadFileFingerprintAndEnd() throws Exception {
    Path store = folder.resolve("mgh.p12");
    Typed made = Typed.command("pki", "node", "mgh", "--dir", ca, "-o", store, "--json").done();
    assertThat(made.out())
        .contains("\"file\"", store.toString())
        .contains(
            Certificates.shortFingerprint(TlsIdentity.load(store, password(store)).certificate())
                .toString())
        .contains("notAfter");
  }

  private static char[] password(Path store) throws Exception {
    return Files.readString(store.resolveSibling(store.getFileName() + ".password"))
        .strip()
        .toCharArray();
  }
}
