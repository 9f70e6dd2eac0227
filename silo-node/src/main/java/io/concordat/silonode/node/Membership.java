package io.concordat.silonode.node;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.homes.Home;
import io.concordat.policies.PolicyChain;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/**
 * What this node belongs to, from its own copy of the policy. The root of everything it trusts: no
 * key, cohort or cap comes from the aggregator.
 *
 * @param institution its id in the policy
 * @param policy as its file says it
 * @param rules what replay decides by
 * @param policies every policy held here
 * @param jobs reads job files under them
 */
public record Membership(
    String institution, Policy policy, FederationRules rules, PolicyBook policies, JobReader jobs) {

  /**
   * Reads the home's policy.
   *
   * @param nodeKey this node's own key, which the policy must name for the institution
   * @throws IOException in words, if the node cannot start with it
   */
  static Membership read(Home home, String institution, VerifyingKey nodeKey) throws IOException {
    byte[] file = Files.readAllBytes(home.policyFile());
    try {
      PolicySignatures signatures =
          PolicySignatures.read(Files.readAllBytes(home.policySignaturesFile()));
      SignedPolicy signed =
          SignedPolicy.read(home.policyFile().toString(), file, signatures).orThrow();
      Policy policy = signed.policy();
      // The first version a node holds is the one its people put there; its own threshold must
      // have signed it all the same.
      PolicyChain.start(signed, policy.digest()).orThrow();
      Optional<Institution> self = policy.institution(institution);
      if (self.isEmpty()) {
        throw new IOException(
            home.policyFile() + ": concordat.institution " + institution + " is not in it");
      }
      if (!self.get().nodeKey().equals(nodeKey)) {
        throw new IOException(
            home.policyFile()
                + ": it names "
                + self.get().nodeKey()
                + " as the node key of "
                + institution
                + ", this home has "
                + nodeKey);
      }
      FederationRules rules = RulesOfPolicy.of(policy);
      JobReader jobs =
          new PinnedJobReader(
              digest -> policy.digest().equals(digest) ? Optional.of(policy) : Optional.empty());
      return new Membership(institution, policy, rules, PolicyBook.of(rules), jobs);
    } catch (RefusedException refused) {
      throw new IOException(refused.getMessage(), refused);
    } catch (DecodeException broken) {
      throw new IOException(home.policySignaturesFile() + ": " + broken.getMessage(), broken);
    }
  }
}
