package io.concordat.silonode.node;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.homes.PolicyFolder;
import io.concordat.policies.PolicyShelf;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.silonode.link.AggregatorLink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Gets this node a copy of each version that the log puts into force, before the core replays the
 * entry: from the home, where its people may have put it, else from the aggregator.
 *
 * <p>Where a file comes from decides nothing. It must have the digest that the log names and be the
 * next version by the signatures of both thresholds, else the node stops at the entry.
 */
final class PolicyArrivals {
  private static final Logger LOG = Logger.getLogger(PolicyArrivals.class);
  private static final byte[] NAME = "policy.activated".getBytes(StandardCharsets.US_ASCII);

  private final PolicyShelf policies;
  private final PolicyFolder folder;
  private final AggregatorLink link;
  private final Runnable came;
  private final Map<Long, Digest> missing = new TreeMap<>();

  /**
   * @param came called when a version is here that the log puts into force
   */
  PolicyArrivals(PolicyShelf policies, PolicyFolder folder, AggregatorLink link, Runnable came) {
    this.came = came;
    this.policies = policies;
    this.folder = folder;
    this.link = link;
  }

  /** Looks for activations among new entries, and gets what they name. */
  void before(List<byte[]> leaves) throws InterruptedException {
    for (byte[] leaf : leaves) {
      if (!mentions(leaf)) {
        continue;
      }
      try {
        if (LogEntry.read(leaf).signed().statement() instanceof PolicyActivated activated) {
          missing.put(activated.version(), activated.policy());
        }
      } catch (DecodeException e) {
        // No entry; the core says so.
      }
    }
    fill();
  }

  /** Whether everything that the log put into force is here. */
  boolean complete() {
    return missing.isEmpty();
  }

  /** Tries again for what was not to be had. */
  void fill() throws InterruptedException {
    for (Iterator<Map.Entry<Long, Digest>> it = missing.entrySet().iterator(); it.hasNext(); ) {
      Map.Entry<Long, Digest> wanted = it.next();
      long version = wanted.getKey();
      if (policies.rules(version, wanted.getValue()).isPresent()) {
        it.remove();
      } else if (get(Math.toIntExact(version), wanted.getValue())) {
        it.remove();
        came.run();
      }
    }
  }

  private boolean get(int version, Digest digest) throws InterruptedException {
    try {
      Optional<PolicyFolder.Version> found =
          folder.version(version).filter(v -> Digests.sha256(v.file()).equals(digest));
      PolicyFolder.Version files = found.isPresent() ? found.get() : link.policy(version);
      if (!Digests.sha256(files.file()).equals(digest)) {
        LOG.warnf("Version %d of the policy is not the file that the log names", version);
        return false;
      }
      Outcome<Policy> taken =
          policies.take("policies/" + version + ".yaml", files.file(), files.signatures());
      if (!taken.refusals().isEmpty()) {
        for (Refusal reason : taken.refusals()) {
          LOG.warnf("Version %d of the policy is not followed: %s", version, reason);
        }
        return false;
      }
      if (found.isEmpty()) {
        folder.keep(version, files.file(), files.signatures());
      }
      LOG.infof("Version %d of the policy is here and properly signed", version);
      return true;
    } catch (IOException e) {
      LOG.warnf("Version %d of the policy is not to be had: %s", version, e.getMessage());
      return false;
    }
  }

  /** A cheap look: nearly no entry is an activation, and reading one verifies a signature. */
  private static boolean mentions(byte[] leaf) {
    return new String(leaf, StandardCharsets.ISO_8859_1)
        .contains(new String(NAME, StandardCharsets.ISO_8859_1));
  }
}
