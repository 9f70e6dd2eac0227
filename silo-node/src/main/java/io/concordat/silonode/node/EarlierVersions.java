package io.concordat.silonode.node;

import io.concordat.homes.PolicyFolder;
import io.concordat.policies.PolicyShelf;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.silonode.link.AggregatorLink;
import io.concordat.silonode.link.AggregatorLink.ProblemException;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * The versions of the policy before this node's own copy. An institution that joins later has the
 * newest version from its people, while the log begins under an older one, and replay begins where
 * the log does.
 *
 * <p>They come from whoever has them: each is the very file whose digest the version after it
 * names, and the last link of that chain is the institution's own copy. So it is asked for once, at
 * the first start, and kept.
 */
final class EarlierVersions {
  private static final Logger LOG = Logger.getLogger(EarlierVersions.class);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private EarlierVersions() {}

  /**
   * Fills the shelf down to the version that the log begins with.
   *
   * @throws IOException if they are needed and the aggregator cannot be reached
   */
  static void fetch(PolicyShelf policies, PolicyFolder folder, AggregatorLink link)
      throws IOException {
    Policy oldest = policies.oldest().policy();
    if (oldest.previous().isEmpty() || folder.begins(oldest.version())) {
      return;
    }
    try {
      while (policies.oldest().policy().previous().isPresent()) {
        int version = policies.oldest().policy().version() - 1;
        PolicyFolder.Version files = patiently(version, link);
        Outcome<Policy> taken =
            policies.take("policies/" + version + ".yaml", files.file(), files.signatures());
        if (!taken.refusals().isEmpty()) {
          throw new IOException(
              "the aggregator's version "
                  + version
                  + " of the policy is not the one before ours: "
                  + taken.refusals());
        }
        folder.keep(version, files.file(), files.signatures());
        LOG.infof("Version %d of the policy is here: the next one names its digest", version);
      }
    } catch (ProblemException problem) {
      if (problem.refusal().code() != Code.REQUEST_UNKNOWN) {
        throw new IOException(problem.refusal().toString(), problem);
      }
      // The log itself begins later.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while earlier versions of the policy were fetched", stopped);
    }
    folder.keepBeginning(policies.oldest().policy().version());
  }

  private static PolicyFolder.Version patiently(int version, AggregatorLink link)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return link.policy(version);
      } catch (ProblemException answered) {
        if (answered.isFinal() || System.nanoTime() > end) {
          throw answered;
        }
      } catch (IOException unreachable) {
        if (System.nanoTime() > end) {
          throw new IOException(
              "version "
                  + version
                  + " of the policy is needed once, because the log is older than our copy: "
                  + unreachable.getMessage(),
              unreachable);
        }
      }
      Thread.sleep(AGAIN);
    }
  }
}
