package io.concordat.silonode.node;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.homes.Home;
import io.concordat.homes.PolicyFolder;
import io.concordat.homes.SiloHome;
import io.concordat.policies.PolicyShelf;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.policies.SiteOverlay;
import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.JobReader;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this node belongs to, from its own copy of the policy. The root of everything it trusts: no
 * key, cohort or cap comes from the aggregator.
 *
 * @param institution its id in the policy
 * @param policies every version held here; the first is what replay begins with
 * @param jobs reads job files under them
 * @param overlay what the institution forbids beyond the policy, if it has such a file
 */
public record Membership(
    String institution, PolicyShelf policies, JobReader jobs, Optional<SiteOverlay> overlay) {

  /** The newest version held here. */
  public Policy policy() {
    return policies.newest().policy();
  }

  /** The rules of the log's first entry. */
  public FederationRules rules() {
    return policies.first();
  }

  /** What the node's own records are given to. */
  public SiteRules site() {
    return overlay.map(o -> o.rules(policies)).orElse(SiteRules.NONE);
  }

  /**
   * Reads the home's policy and overlay.
   *
   * @param nodeKey this node's own key, which the newest policy must name for the institution
   * @throws IOException in words, if the node cannot start with it
   */
  static Membership read(Home home, String institution, VerifyingKey nodeKey) throws IOException {
    byte[] file = Files.readAllBytes(home.policyFile());
    try {
      PolicySignatures signatures =
          PolicySignatures.read(Files.readAllBytes(home.policySignaturesFile()));
      SignedPolicy signed =
          SignedPolicy.read(home.policyFile().toString(), file, signatures).orThrow();
      // The first version a node holds is the one its people put there; its own threshold must
      // have signed it all the same. Later ones follow from it or are not followed.
      PolicyShelf policies = PolicyShelf.of(signed, filed(home)).orThrow();
      Policy policy = policies.newest().policy();
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
      return new Membership(
          institution, policies, policies.jobs(), overlay(new SiloHome(home), institution, policy));
    } catch (RefusedException refused) {
      throw new IOException(refused.getMessage(), refused);
    } catch (DecodeException broken) {
      throw new IOException(home.policySignaturesFile() + ": " + broken.getMessage(), broken);
    }
  }

  private static List<PolicyShelf.Filed> filed(Home home) throws IOException {
    List<PolicyShelf.Filed> out = new ArrayList<>();
    for (PolicyFolder.Version version : PolicyFolder.of(home).versions()) {
      out.add(
          new PolicyShelf.Filed(
              version.number(),
              "policies/" + version.number() + ".yaml",
              version.file(),
              version.signatures()));
    }
    return out;
  }

  private static Optional<SiteOverlay> overlay(SiloHome silo, String institution, Policy policy)
      throws IOException, RefusedException {
    if (!Files.exists(silo.overlayFile())) {
      return Optional.empty();
    }
    SiteOverlay overlay =
        SiteOverlay.read(
                silo.overlayFile().toString(), Files.readAllBytes(silo.overlayFile()), policy)
            .orThrow();
    if (!overlay.institution().equals(institution)) {
      throw new IOException(
          silo.overlayFile()
              + ": it is the overlay of "
              + overlay.institution()
              + ", this node is "
              + institution);
    }
    return Optional.of(overlay);
  }
}
