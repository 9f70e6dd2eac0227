package io.concordat.crypto.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.secret.SecretFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SigningKeyFileTest {
  private static final char[] PASSWORD = "correct horse".toCharArray();

  @TempDir Path folder;

  private static SigningKey key(int fill) {
    byte[] seed = new byte[32];
    Arrays.fill(seed, (byte) fill);
    return SigningKey.fromSeed(seed);
  }

  @Test
  void readsBackTheKeyItWrote() throws IOException, DecodeException {
    Path file = folder.resolve("node.p12");
    SigningKeyFile.write(file, key(5), "charite", PASSWORD);
    SigningKey read = SigningKeyFile.read(file, PASSWORD);
    assertThat(read.verifyingKey()).isEqualTo(key(5).verifyingKey());
    assertThat(read.sign("concordat/round/1", new byte[3]))
        .isEqualTo(key(5).sign("concordat/round/1", new byte[3]));
  }

  @Test
  void carriesACertificateThatVerifiesUnderItsOwnKey()
      throws IOException, GeneralSecurityException {
    Path file = folder.resolve("node.p12");
    SigningKeyFile.write(file, key(5), "charite", PASSWORD);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(new ByteArrayInputStream(Files.readAllBytes(file)), PASSWORD);
    var certificate = store.getCertificate("signing");
    certificate.verify(certificate.getPublicKey());
    assertThat(certificate.toString()).contains("CN=charite");
  }

  @Test
  void refusesAWrongPassword() throws IOException {
    Path file = folder.resolve("node.p12");
    SigningKeyFile.write(file, key(5), "charite", PASSWORD);
    assertThatThrownBy(() -> SigningKeyFile.read(file, "wrong".toCharArray()))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("wrong password");
  }

  @Test
  void refusesAnAlteredStore() throws IOException {
    Path file = folder.resolve("node.p12");
    SigningKeyFile.write(file, key(5), "charite", PASSWORD);
    byte[] content = Files.readAllBytes(file);
    for (int at = 0; at < content.length; at += 37) {
      byte[] altered = content.clone();
      altered[at] ^= 0x10;
      Path other = folder.resolve("altered.p12");
      SecretFile.write(other, altered);
      try {
        // A bit that carries no meaning (an unused name, say) may pass; another key may not.
        assertThat(SigningKeyFile.read(other, PASSWORD).verifyingKey())
            .isEqualTo(key(5).verifyingKey());
      } catch (DecodeException expected) {
        assertThat(expected).hasMessageContaining("altered.p12");
      }
    }
  }

  @Test
  void refusesWhatIsNoKeyStore() throws IOException {
    Path file = folder.resolve("node.p12");
    SecretFile.write(file, new byte[100]);
    assertThatThrownBy(() -> SigningKeyFile.read(file, PASSWORD))
        .isInstanceOf(DecodeException.class);
  }
}
