package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.ProblemException;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.homes.enrolment.CertificateAsk;
import io.concordat.policies.PolicyChain;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.refusal.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Signs renewals without a telephone call: the node key, which the institutions' signed policy
 * names, vouches for the new TLS key. The aggregator only carries the paper.
 */
final class Renewals {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Renewals() {}

  /** Each institution's node key, from a policy whose signatures hold. */
  static Map<String, VerifyingKey> nodeKeys(Path policy) throws IOException, InvalidInputException {
    try {
      SignedPolicy signed =
          SignedPolicy.read(
                  policy.toString(),
                  Files.readAllBytes(policy),
                  PolicySignatures.read(
                      Files.readAllBytes(policy.resolveSibling(policy.getFileName() + ".sig"))))
              .orThrow();
      return PolicyChain.start(signed, signed.policy().digest())
          .orThrow()
          .inForce(Instant.now())
          .orThrow()
          .institutions()
          .stream()
          .collect(Collectors.toMap(Institution::id, Institution::nodeKey));
    } catch (DecodeException | RefusedException bad) {
      throw new InvalidInputException(policy + ": " + bad.getMessage(), bad);
    }
  }

  /** Signs what can be signed and says what cannot; returns how many. */
  static int sign(
      FederationClient client,
      CertificateAuthority authority,
      Map<String, VerifyingKey> nodeKeys,
      Output output)
      throws Exception {
    int signed = 0;
    for (JsonNode item : client.all("/api/v1/enrolments")) {
      if (!item.path("kind").asText().equals("renewal")
          || !item.path("state").asText().equals("requested")) {
        continue;
      }
      String id = item.path("id").asText();
      String institution = item.path("institution").asText();
      try {
        CertificateAsk ask =
            CertificateAsk.read(
                client
                    .text("/api/v1/enrolments/" + id + "/request")
                    .getBytes(StandardCharsets.UTF_8));
        if (!ask.nodeKey().equals(nodeKeys.get(institution))) {
          throw new DecodeException("it is not signed by the node key that the policy names");
        }
        X509Certificate certificate =
            authority.issueNode(
                ask.request(),
                institution,
                Instant.now(),
                CertificateAuthority.LEAF_LIFE,
                new SystemRandomness());
        client.put(
            "/api/v1/enrolments/" + id + "/certificate",
            JSON.createObjectNode().put("certificate", Certificates.toPem(certificate)));
        signed++;
        output.say(institution + "  valid until " + certificate.getNotAfter().toInstant());
      } catch (DecodeException | ProblemException refused) {
        // The others are not to wait for this one; a node that asked anew meanwhile comes next.
        output.terminal().error(institution + ": not renewed: " + refused.getMessage());
      }
    }
    return signed;
  }
}
