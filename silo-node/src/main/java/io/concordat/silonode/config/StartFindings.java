package io.concordat.silonode.config;

import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.SiloHome;
import io.concordat.homes.database.DatabaseSetting;
import io.concordat.homes.token.HardwareToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What keeps a node from starting, in sentences for its operator. */
public final class StartFindings {
  /** Every key that a settings file may hold; {@code *} stands for one name. */
  private static final List<String> KEYS =
      List.of(
          "concordat.institution",
          "concordat.aggregator",
          "concordat.proxy",
          "concordat.proxy-user",
          "concordat.ca-bundle",
          "concordat.renewal-check",
          "concordat.kernel",
          "concordat.console.port",
          "concordat.console.listen",
          "concordat.console.host",
          "concordat.database.url",
          "concordat.database.user",
          "concordat.management.port",
          "concordat.management.listen",
          "concordat.datasets.*.files",
          "concordat.endorse.*");

  private static final List<Pattern> PATTERNS =
      KEYS.stream()
          .map(key ->
              Pattern.compile(key.replace(".", "\\.").replace("*", "[^.]+") + "(\\[\\d+\\])?"))
          .toList();

  private StartFindings() {}

  /** What is missing or too open in the home. */
  public static List<String> ofHome(SiloHome silo) throws IOException {
    List<String> findings = new ArrayList<>(silo.home().findings());
    if (!findings.isEmpty()) {
      return findings;
    }
    String init = "run `concordat silo init --home " + silo.home().root() + "`";
    List<Path> all =
        new ArrayList<>(
            List.of(
                silo.nodeKeyFile(),
                silo.nodePasswordFile(),
                silo.nodeSecretFile(),
                silo.home().policyFile(),
                silo.home().policySignaturesFile(),
                silo.home().authorityFile(),
                silo.home().settingsFile()));
    if (!Files.exists(silo.home().tlsHeldFile())) {
      all.add(silo.home().tlsKeyStoreFile());
      all.add(silo.home().tlsPasswordFile());
    }
    for (Path needed : all) {
      if (!Files.exists(needed)) {
        findings.add(needed + " is missing: " + init);
      }
    }
    HardwareToken.unusableHere(silo.home()).ifPresent(findings::add);
    try {
      SecretFile.requireOwnerOnly(silo.boxes());
    } catch (NoSuchFileException missing) {
      findings.add(silo.boxes() + " is missing: " + init);
    } catch (IOException tooOpen) {
      findings.add(String.valueOf(tooOpen.getMessage()));
    }
    return findings;
  }

  /** Keys that no node has, and mandatory ones that are missing. */
  public static List<String> ofSettings(Map<String, String> settings) {
    List<String> findings = new ArrayList<>();
    for (String key : settings.keySet()) {
      boolean quarkus = key.startsWith("quarkus.");
      if (!quarkus && PATTERNS.stream().noneMatch(p -> p.matcher(key).matches())) {
        findings.add(
            "config/application.yaml: unknown key "
                + key
                + "; there are "
                + String.join(", ", KEYS)
                + " and Quarkus' own");
      }
    }
    DatabaseSetting.wrong(settings)
        .ifPresent(sentence -> findings.add("config/application.yaml: " + sentence));
    for (String needed : List.of("concordat.institution", "concordat.aggregator")) {
      if (!settings.containsKey(needed) && System.getenv(environment(needed)) == null) {
        findings.add("config/application.yaml: " + needed + " is missing");
      }
    }
    return findings;
  }

  private static String environment(String key) {
    return key.toUpperCase(java.util.Locale.ROOT).replace('.', '_');
  }
}
