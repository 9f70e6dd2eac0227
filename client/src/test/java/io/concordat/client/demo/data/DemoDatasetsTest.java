package io.concordat.client.demo.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicyTemplate;
import io.concordat.protocol.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoDatasetsTest {

  /** The demo's policy file and the definitions that its comparison models use are one thing. */
  @Test
  void theSignedPolicyDescribesTheRecordsThatTheDemoExports() throws Exception {
    Map<String, VerifyingKey> policyKeys = new HashMap<>();
    Map<String, VerifyingKey> nodeKeys = new HashMap<>();
    for (String hospital : DemoRecords.HOSPITALS) {
      policyKeys.put(hospital, key("policy " + hospital));
      nodeKeys.put(hospital, key("node " + hospital));
    }
    byte[] file =
        PolicyTemplate.demoConsortium()
            .fill(policyKeys, nodeKeys, logKey(), Instant.parse("2026-11-22T00:00:00Z"));
    Policy policy = PolicyReader.read("policy.yaml", file).orThrow();
    assertThat(policy.dataset("heart")).contains(DemoDatasets.heart());
    assertThat(policy.dataset("breast-cancer")).contains(DemoDatasets.breastCancer());
  }

  private static String logKey() {
    String name = "concordat.example/cardio-demo";
    byte[] key = key("log").bytes();
    byte[] named = new byte[name.length() + 2 + key.length];
    System.arraycopy(name.getBytes(StandardCharsets.US_ASCII), 0, named, 0, name.length());
    named[name.length()] = '\n';
    named[name.length() + 1] = 1;
    System.arraycopy(key, 0, named, name.length() + 2, key.length);
    byte[] material = new byte[1 + key.length];
    material[0] = 1;
    System.arraycopy(key, 0, material, 1, key.length);
    return name
        + "+"
        + Digests.sha256(named).hex().substring(0, 8)
        + "+"
        + Base64.getEncoder().encodeToString(material);
  }

  private static VerifyingKey key(String label) {
    return SigningKey.fromSeed(Digests.sha256(label.getBytes(StandardCharsets.US_ASCII)).bytes())
        .verifyingKey();
  }
}
