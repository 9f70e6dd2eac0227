package io.concordat.crypto.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.random.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CertificateTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
  private static final char[] PASSWORD = "correct horse".toCharArray();

  private final Randomness randomness = new Random(7)::nextBytes;
  private final CertificateAuthority authority =
      CertificateAuthority.create("cardio-eu", NOW, CertificateAuthority.ROOT_LIFE, randomness);

  @TempDir Path folder;

  private X509Certificate node(TlsKey key, String institution) throws DecodeException {
    return authority.issueNode(
        CertificateRequest.fromPem(CertificateRequest.create(key, institution).toPem()),
        institution,
        NOW,
        CertificateAuthority.LEAF_LIFE,
        randomness);
  }

  @Test
  void namesTheInstitutionInNameAndUri() throws Exception {
    X509Certificate certificate = node(TlsKey.generate(randomness), "charite");
    certificate.verify(authority.certificate().getPublicKey());
    assertThat(NodeName.of(certificate)).isEqualTo(new NodeName("cardio-eu", "charite"));
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=charite");
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
  }

  @Test
  void givesServersTheirHostsAndTheLocalOnes() throws Exception {
    X509Certificate certificate =
        authority.issueServer(
            CertificateRequest.create(TlsKey.generate(randomness), "aggregator"),
            List.of("agg.example.org", "192.0.2.7", "localhost"),
            NOW,
            CertificateAuthority.LEAF_LIFE,
            randomness);
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly(
            "agg.example.org", "192.0.2.7", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThatThrownBy(() -> NodeName.of(certificate)).isInstanceOf(DecodeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "*.example.org", "a b", "https://x", "x:8443", "-x", "x..y", "1.2.3", "x/y"})
  void givesNoServerANameThatIsNoHost(String host) {
    CertificateRequest request =
        CertificateRequest.create(TlsKey.generate(randomness), "aggregator");
    assertThatThrownBy(() ->
            authority.issueServer(
                request, List.of(host), NOW, CertificateAuthority.LEAF_LIFE, randomness))
        .isInstanceOf(DecodeException.class);
  }

  @Test
  void refusesARequestForAnotherInstitution() {
    CertificateRequest request = CertificateRequest.create(TlsKey.generate(randomness), "mgh");
    assertThatThrownBy(() ->
            authority.issueNode(
                request, "charite", NOW, CertificateAuthority.LEAF_LIFE, randomness))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("mgh");
  }

  @Test
  void refusesARequestWithAnyAlteredByte() throws DecodeException {
    CertificateRequest request = CertificateRequest.create(TlsKey.generate(randomness), "mgh");
    byte[] der = Pem.read("CERTIFICATE REQUEST", request.toPem()).getFirst();
    List<Integer> accepted = new ArrayList<>();
    for (int at = 0; at < der.length; at++) {
      byte[] altered = der.clone();
      altered[at] ^= (byte) (1 << at % 8);
      try {
        CertificateRequest.fromPem(Pem.write("CERTIFICATE REQUEST", altered));
        accepted.add(at);
      } catch (DecodeException expected) {
        assertThat(expected).hasMessageNotContaining("at org.");
      }
    }
    assertThat(accepted).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN CERTIFICATE REQUEST-----",
        "-----BEGIN CERTIFICATE REQUEST-----\n!\n-----END CERTIFICATE REQUEST-----",
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"
      })
  void refusesATextThatIsNoRequest(String text) {
    assertThatThrownBy(() -> CertificateRequest.fromPem(text)).isInstanceOf(DecodeException.class);
  }

  @Test
  void showsBothSidesTheSameShortFingerprint() throws DecodeException {
    TlsKey key = TlsKey.generate(randomness);
    CertificateRequest request = CertificateRequest.create(key, "mgh");
    assertThat(CertificateRequest.fromPem(request.toPem()).shortFingerprint())
        .isEqualTo(request.shortFingerprint())
        .isEqualTo(Certificates.shortFingerprint(node(key, "mgh")));
    assertThat(request.shortFingerprint())
        .isNotEqualTo(
            CertificateRequest.create(TlsKey.generate(randomness), "mgh").shortFingerprint());
  }

  @Test
  void makesTheSameCertificateOfTheSameInputs() {
    Randomness one = new Random(9)::nextBytes;
    Randomness two = new Random(9)::nextBytes;
    Duration life = CertificateAuthority.ROOT_LIFE;
    assertThat(CertificateAuthority.create("x", NOW, life, one).certificate())
        .isEqualTo(CertificateAuthority.create("x", NOW, life, two).certificate());
  }

  @Test
  void isValidFromAnHourBeforeToItsLastSecond() throws DecodeException {
    X509Certificate certificate = node(TlsKey.generate(randomness), "mgh");
    Instant end = NOW.plus(CertificateAuthority.LEAF_LIFE);
    assertThat(Certificates.validAt(certificate, NOW.minusSeconds(3600))).isTrue();
    assertThat(Certificates.validAt(certificate, NOW.minusSeconds(3601))).isFalse();
    assertThat(Certificates.validAt(certificate, end)).isTrue();
    assertThat(Certificates.validAt(certificate, end.plusSeconds(1))).isFalse();
    assertThat(Certificates.daysLeft(certificate, NOW)).isEqualTo(30);
    assertThat(Certificates.daysLeft(certificate, end.plusSeconds(1))).isEqualTo(-1);
    assertThat(Certificates.renewFrom(certificate))
        .isBetween(NOW.plus(Duration.ofDays(14)), NOW.plus(Duration.ofDays(15)));
  }

  @Test
  void keepsAnAuthorityAcrossARestart() throws IOException, DecodeException {
    Path file = folder.resolve("pki/root.p12");
    authority.save(file, PASSWORD);
    CertificateAuthority again = CertificateAuthority.load(file, PASSWORD);
    assertThat(again.federation()).isEqualTo("cardio-eu");
    assertThat(again.certificate()).isEqualTo(authority.certificate());
    assertThatThrownBy(() -> CertificateAuthority.load(file, "wrong".toCharArray()))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("wrong password");
  }

  @Test
  void keepsAKeyAcrossARestartWhileItsCertificateIsAwaited() throws IOException, DecodeException {
    Path file = folder.resolve("tls.p12");
    TlsIdentity.awaiting(TlsKey.generate(randomness), "mgh").save(file, PASSWORD);
    TlsIdentity waiting = TlsIdentity.load(file, PASSWORD);
    assertThat(Certificates.validAt(waiting.certificate(), NOW)).isFalse();
    X509Certificate issued =
        authority.issueNode(
            waiting.request("mgh"), "mgh", NOW, CertificateAuthority.LEAF_LIFE, randomness);
    waiting.withChain(List.of(issued)).save(file, PASSWORD);
    assertThat(TlsIdentity.load(file, PASSWORD).certificate()).isEqualTo(issued);
    assertThat(Certificates.keyDigest(issued))
        .isEqualTo(Certificates.keyDigest(waiting.certificate()));
    X509Certificate stranger = node(TlsKey.generate(randomness), "mgh");
    assertThatThrownBy(() -> waiting.withChain(List.of(stranger)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesNoNodesKeyForAnAuthority() throws IOException, DecodeException {
    TlsKey key = TlsKey.generate(randomness);
    Path file = folder.resolve("node.p12");
    new TlsIdentity(key, List.of(node(key, "mgh"), authority.certificate())).save(file, PASSWORD);
    assertThatThrownBy(() -> CertificateAuthority.load(file, PASSWORD))
        .isInstanceOf(DecodeException.class);
    assertThat(TlsIdentity.load(file, PASSWORD).chain()).hasSize(2);
  }

  @Test
  void joinsNoKeyWithTheCertificateOfAnother() throws DecodeException {
    X509Certificate certificate = node(TlsKey.generate(randomness), "mgh");
    TlsKey other = TlsKey.generate(randomness);
    assertThatThrownBy(() -> new TlsIdentity(other, List.of(certificate)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encryptsStoresWithTodaysAlgorithms() throws IOException, DecodeException {
    TlsKey key = TlsKey.generate(randomness);
    Path file = folder.resolve("node.p12");
    new TlsIdentity(key, List.of(node(key, "mgh"))).save(file, PASSWORD);
    String hex = java.util.HexFormat.of().formatHex(Files.readAllBytes(file));
    String aes256Cbc = "060960864801650304012a";
    String hmacSha256 = "06082a864886f70d0209";
    String rc2OrTripleDes = "060a2a864886f70d010c01";
    assertThat(hex).contains(aes256Cbc, hmacSha256).doesNotContain(rc2OrTripleDes);
  }

  @Test
  void readsBackTrustAndPem() throws IOException, DecodeException {
    CertificateAuthority second =
        CertificateAuthority.create("other", NOW, CertificateAuthority.ROOT_LIFE, randomness);
    List<X509Certificate> roots = List.of(authority.certificate(), second.certificate());
    Path file = folder.resolve("trust.p12");
    KeyStores.saveTrust(file, roots, PASSWORD);
    assertThat(KeyStores.loadTrust(file, PASSWORD)).isEqualTo(roots);
    String pem = Certificates.toPem(roots.get(0)) + "between\n" + Certificates.toPem(roots.get(1));
    assertThat(Certificates.fromPem(pem)).isEqualTo(roots);
    assertThatThrownBy(() -> Certificates.fromPem("nothing")).isInstanceOf(DecodeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concordat://x",
        "concordat://x/",
        "concordat:///y",
        "concordat://x/y/z",
        "concordat://X/y",
        "https://x/y",
        "concordat://x/y?z"
      })
  void refusesNamesOfAnotherForm(String uri) {
    assertThatThrownBy(() -> NodeName.parse(uri)).isInstanceOf(DecodeException.class);
  }

  @Test
  void drawsMachinePasswordsFromTheGivenSource() {
    assertThat(KeyStores.newPassword(new Random(1)::nextBytes))
        .hasSize(32)
        .isEqualTo(KeyStores.newPassword(new Random(1)::nextBytes))
        .isNotEqualTo(KeyStores.newPassword(new Random(2)::nextBytes));
  }
}
