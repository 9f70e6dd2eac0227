package io.concordat.client.demo.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicyTemplate;
import io.concordat.protocol.policy.LogKeys;
import io.concordat.protocol.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoDatasetsTest {

  /** The demo's policy file and the definitions that its comparison models use are one thing. */
  @Test
  void theSignedPolicyDescribesTheRecordsThatTheDemoExports() throws Exception {
    Map<String, PublicKeys> policyKeys = new HashMap<>();
    Map<String, PublicKeys> nodeKeys = new HashMap<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      policyKeys.put(hospital, signingKey("policy " + hospital).publicKeys());
      nodeKeys.put(hospital, signingKey("node " + hospital).publicKeys());
    }
    byte[] file =
        PolicyTemplate.demoConsortium()
            .fill(
                policyKeys,
                nodeKeys,
                LogKeys.of("concordat.example/cardio-demo", signingKey("log")),
                Instant.parse("2026-11-22T00:00:00Z"));
    Policy policy = PolicyReader.read("policy.yaml", file).orThrow();
    assertThat(policy.dataset("heart")).contains(DemoDatasets.heart());
    assertThat(policy.dataset("breast-cancer")).contains(DemoDatasets.breastCancer());
  }

  private static SigningKey signingKey(String label) {
    return SigningKey.fromSeed(Digests.sha256(label.getBytes(StandardCharsets.US_ASCII)).bytes());
  }
}
