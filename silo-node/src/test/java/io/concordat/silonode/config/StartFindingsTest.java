package io.concordat.silonode.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartFindingsTest {
  private static final Map<String, String> GOOD =
      Map.of(
          "concordat.institution", "charite",
          "concordat.aggregator", "https://localhost:8443",
          "concordat.console.port", "0",
          "concordat.management.port", "0",
          "concordat.endorse.scientist", "ed25519:x",
          "concordat.datasets.breast-cancer.files", "/a.csv",
          "concordat.datasets.heart.files[0]", "/b.csv",
          "quarkus.log.level", "DEBUG");

  @TempDir Path temp;

  @Test
  void acceptsEverySettingThatThereIs() {
    assertThat(StartFindings.ofSettings(GOOD)).isEmpty();
  }

  @Test
  void namesEachUnknownSetting() {
    for (String unknown :
        new String[] {
          "concordat.instituton",
          "concordat.datasets.heart.file",
          "concordat.datasets.heart",
          "concordat.console.ports",
          "concordat.policy",
          "other.key"
        }) {
      Map<String, String> settings = new TreeMap<>(GOOD);
      settings.put(unknown, "1");
      assertThat(StartFindings.ofSettings(settings))
          .singleElement()
          .asString()
          .contains("unknown key " + unknown);
    }
  }

  @Test
  void asksForInstitutionAndAggregator() {
    assertThat(StartFindings.ofSettings(Map.of()))
        .anyMatch(f -> f.contains("concordat.institution is missing"))
        .anyMatch(f -> f.contains("concordat.aggregator is missing"));
  }

  @Test
  void saysWhatIsMissingInAHomeAndHowToMakeIt() throws Exception {
    SiloHome silo = new SiloHome(temp.resolve("home"));
    assertThat(StartFindings.ofHome(silo))
        .singleElement()
        .asString()
        .contains("does not exist")
        .contains("init --home");
    new SiloInit(silo.home().root(), new SystemRandomness()).nodeKey("charite");
    assertThat(StartFindings.ofHome(silo))
        .anyMatch(f -> f.contains("policy.yaml"))
        .anyMatch(f -> f.contains("tls.p12"))
        .anyMatch(f -> f.contains("ca.pem"))
        .noneMatch(f -> f.contains("node.p12"));
  }

  @Test
  void doesNotStartWithSecretsThatOthersMayRead() throws Exception {
    SiloHome silo = new SiloHome(temp.resolve("home"));
    new SiloInit(silo.home().root(), new SystemRandomness()).nodeKey("charite");
    Files.setPosixFilePermissions(
        silo.nodeSecretFile(), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(StartFindings.ofHome(silo))
        .anyMatch(f -> f.contains("node.secret") && f.contains("chmod"));
  }

  @Test
  void saysThatANativeExecutableCannotUseTheTokenThatTheHomeNames() throws Exception {
    SiloHome silo = new SiloHome(temp.resolve("home"));
    new SiloInit(silo.home().root(), new SystemRandomness()).nodeKey("charite");
    Files.writeString(
        silo.home().config().resolve("pkcs11.properties"), "library=/usr/lib/module.so\n");
    assertThat(StartFindings.ofHome(silo)).noneMatch(f -> f.contains("PKCS#11"));
    System.setProperty("org.graalvm.nativeimage.imagecode", "runtime");
    try {
      assertThat(StartFindings.ofHome(silo))
          .anyMatch(f -> f.contains("a native executable opens no PKCS#11 token"));
    } finally {
      System.clearProperty("org.graalvm.nativeimage.imagecode");
    }
  }
}
