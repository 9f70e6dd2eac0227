package io.concordat.homes.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureType;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnrolmentFilesTest {
  private static final Randomness RANDOMNESS = new SystemRandomness();
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final SigningKey LOG_KEY = SigningKey.generate(RANDOMNESS);
  private static final CertificateAuthority AUTHORITY =
      CertificateAuthority.create("cardio-eu", NOW, Duration.ofDays(100), RANDOMNESS);

  @TempDir Path folder;

  private static Bootstrap invitation() {
    return new Bootstrap(
        "cardio-eu",
        "charite",
        URI.create("https://aggregator.example:8443"),
        Certificates.toPem(AUTHORITY.certificate()),
        List.of(
            NoteKey.of("cardio.example/log", SignatureType.ED25519, LOG_KEY.verifyingKey().bytes())
                .line()),
        3,
        Digests.sha256("policy"),
        "cct_token",
        NOW.plus(Bootstrap.LIFE));
  }

  @Test
  void anInvitationIsReadAsItWasSigned() throws Exception {
    byte[] file = invitation().sign(LOG_KEY.verifyingKey(), LOG_KEY::sign);
    assertThat(Bootstrap.read(file, NOW)).isEqualTo(invitation());
    assertThat(Bootstrap.read(file, NOW).fingerprint()).isEqualTo(invitation().fingerprint());
  }

  @Test
  void anInvitationThatWasChangedAnywhereIsRefused() {
    byte[] file = invitation().sign(LOG_KEY.verifyingKey(), LOG_KEY::sign);
    for (int i = 0; i < file.length; i++) {
      byte[] changed = file.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> Bootstrap.read(changed, NOW))
          .as("byte %s", i)
          .isInstanceOf(DecodeException.class);
    }
  }

  @Test
  void anInvitationOfAnotherKeyOrAfter72HoursIsRefused() {
    SigningKey other = SigningKey.generate(RANDOMNESS);
    assertThatThrownBy(
            () -> Bootstrap.read(invitation().sign(other.verifyingKey(), other::sign), NOW))
        .hasMessageContaining("log key");
    byte[] file = invitation().sign(LOG_KEY.verifyingKey(), LOG_KEY::sign);
    assertThatThrownBy(() -> Bootstrap.read(file, NOW.plus(Duration.ofHours(72))))
        .hasMessageContaining("ended");
  }

  @Test
  void aRequestNeedsTheNodeKeysWord() throws Exception {
    SiloHome silo = home();
    CertificateRequest request = new NodeCertificateFiles(silo, RANDOMNESS).ask("charite");
    SigningKey key = SiloInit.readNodeKey(silo);
    byte[] ask = CertificateAsk.sign(request, key.verifyingKey(), key::sign).json();
    assertThat(CertificateAsk.read(ask).nodeKey()).isEqualTo(key.verifyingKey());
    SigningKey other = SigningKey.generate(RANDOMNESS);
    byte[] forged = CertificateAsk.sign(request, key.verifyingKey(), other::sign).json();
    assertThatThrownBy(() -> CertificateAsk.read(forged)).isInstanceOf(DecodeException.class);
  }

  private SiloHome home() throws Exception {
    SiloInit init = new SiloInit(folder, RANDOMNESS);
    init.nodeKey("charite");
    SiloHome silo = new SiloHome(folder);
    Files.writeString(silo.home().authorityFile(), Certificates.toPem(AUTHORITY.certificate()));
    return silo;
  }

  private static String issue(CertificateRequest request, Instant at) throws Exception {
    return Certificates.toPem(
        AUTHORITY.issueNode(request, "charite", at, CertificateAuthority.LEAF_LIFE, RANDOMNESS));
  }

  @Test
  void theOldKeyDialsUntilTheNewCertificateIsThere() throws Exception {
    NodeCertificateFiles files = new NodeCertificateFiles(home(), RANDOMNESS);
    assertThat(files.current()).isEmpty();
    CertificateRequest first = files.ask("charite");
    assertThat(files.ask("charite").shortFingerprint())
        .as("asked twice, one key")
        .isEqualTo(first.shortFingerprint());
    TlsIdentity enrolled = files.install(issue(first, NOW), "charite", NOW);
    assertThat(files.asked()).isFalse();
    CertificateRequest second = files.ask("charite");
    assertThat(second.shortFingerprint()).isNotEqualTo(first.shortFingerprint());
    assertThat(files.current().orElseThrow().certificate()).isEqualTo(enrolled.certificate());
    Instant later = NOW.plus(Duration.ofDays(15));
    files.install(issue(second, later), "charite", later);
    assertThat(Certificates.shortFingerprint(files.current().orElseThrow().certificate()))
        .isEqualTo(second.shortFingerprint());
  }

  @Test
  void theNextCertificateIsAskedForFromHalfOfALifeOnAndUntilItHasCome() throws Exception {
    NodeCertificateFiles files = new NodeCertificateFiles(home(), RANDOMNESS);
    TlsIdentity first = files.install(issue(files.ask("charite"), NOW), "charite", NOW);
    Instant half = Certificates.renewFrom(first.certificate());
    assertThat(Duration.between(NOW, half)).isBetween(Duration.ofDays(14), Duration.ofDays(15));
    assertThat(files.due(first, half.minusSeconds(1))).isFalse();
    assertThat(files.due(first, half)).isTrue();
    CertificateRequest next = files.ask("charite");
    assertThat(files.due(first, NOW)).as("asked for already").isTrue();
    TlsIdentity second = files.install(issue(next, half), "charite", half);
    assertThat(files.due(second, half)).isFalse();
  }

  @Test
  void aCertificateOfAnotherKeyRootNameOrTimeIsNotTaken() throws Exception {
    SiloHome silo = home();
    NodeCertificateFiles files = new NodeCertificateFiles(silo, RANDOMNESS);
    CertificateRequest request = files.ask("charite");
    CertificateAuthority stranger =
        CertificateAuthority.create("cardio-eu", NOW, Duration.ofDays(100), RANDOMNESS);
    String foreign =
        Certificates.toPem(
            stranger.issueNode(request, "charite", NOW, Duration.ofDays(30), RANDOMNESS));
    assertThatThrownBy(() -> files.install(foreign, "charite", NOW))
        .hasMessageContaining("not issued by the federation's authority");
    String good = issue(request, NOW);
    assertThatThrownBy(() -> files.install(good, "ucl", NOW)).hasMessageContaining("not ucl");
    assertThatThrownBy(() -> files.install(good, "charite", NOW.plus(Duration.ofDays(31))))
        .hasMessageContaining("valid from");
    String otherKey =
        issue(
            CertificateRequest.create(
                io.concordat.crypto.pki.TlsKey.generate(RANDOMNESS), "charite"),
            NOW);
    assertThatThrownBy(() -> files.install(otherKey, "charite", NOW))
        .hasMessageContaining("another key");
    assertThat(Files.exists(silo.home().tlsKeyStoreFile())).isFalse();
    assertThat(
            new String(
                Files.readAllBytes(silo.home().tlsPasswordFile()), StandardCharsets.US_ASCII))
        .isNotBlank();
  }
}
