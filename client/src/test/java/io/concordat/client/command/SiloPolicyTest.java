package io.concordat.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.client.Concordat;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.PolicyTemplate;
import io.concordat.protocol.policy.LogKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiloPolicyTest {
  private static final String HEAD =
      "schema: site/1\nfederation: cardio-demo\ninstitution: cleveland\n";

  @TempDir private Path folder;

  @BeforeEach
  void home() throws Exception {
    Map<String, SigningKey> officers = new TreeMap<>();
    Map<String, PublicKeys> keys = new TreeMap<>();
    for (String id : new String[] {"cleveland", "budapest", "zurich-basel", "long-beach"}) {
      officers.put(id, SigningKey.generate(new SystemRandomness()));
      keys.put(id, SigningKey.generate(new SystemRandomness()).publicKeys());
    }
    Map<String, PublicKeys> officerKeys = new TreeMap<>();
    officers.forEach((id, key) -> officerKeys.put(id, key.publicKeys()));
    LogKeys log =
        LogKeys.of("concordat.example/cardio-demo", SigningKey.generate(new SystemRandomness()));
    byte[] file =
        PolicyTemplate.demoConsortium()
            .fill(officerKeys, keys, log, Instant.parse("2026-11-22T00:00:00Z"));
    PolicySignatures signatures = PolicySignatures.none(file);
    for (SigningKey officer : officers.values()) {
      signatures = signatures.sign(file, officer);
    }
    Path policy = folder.resolve("policy.yaml");
    Path beside = folder.resolve("policy.yaml.sig");
    Files.write(policy, file);
    Files.write(beside, signatures.write());
    new SiloInit(folder.resolve("cleveland"), new SystemRandomness()).policy(policy, beside);
  }

  private int shown(String... more) {
    String[] all = new String[4 + more.length];
    System.arraycopy(
        new String[] {"silo", "policy", "--home", folder.resolve("cleveland").toString()},
        0,
        all,
        0,
        4);
    System.arraycopy(more, 0, all, 4, more.length);
    return Concordat.commandLine(Terminal.plain(System.out, System.err)).execute(all);
  }

  @Test
  void thePolicyHoldsAsItIsWhereThereIsNoOverlay() {
    assertThat(shown()).isEqualTo(ExitStatus.DONE);
    assertThat(shown("--json")).isEqualTo(ExitStatus.DONE);
  }

  @Test
  void aTighteningDraftIsShownAndALooseningOneIsRefused() throws Exception {
    Path draft = folder.resolve("draft.yaml");
    Files.writeString(draft, HEAD + "approval: {jobs: manual, releases: automatic}\n");
    assertThat(shown("--overlay", draft.toString())).isEqualTo(ExitStatus.DONE);
    Files.writeString(draft, HEAD + "datasets: [{id: heart, privacy: {epsilonCap: \"1000\"}}]\n");
    assertThat(shown("--overlay", draft.toString())).isEqualTo(ExitStatus.INVALID);
  }

  @Test
  void theHomesOwnOverlayIsReadToo() throws Exception {
    Path overlay = new SiloHome(folder.resolve("cleveland")).overlayFile();
    Files.writeString(overlay, HEAD + "datasets: [{id: heart}]\n");
    assertThat(shown()).isEqualTo(ExitStatus.DONE);
    Files.writeString(overlay, HEAD + "datasets: [{id: lungs}]\n");
    assertThat(shown()).isEqualTo(ExitStatus.INVALID);
  }
}
