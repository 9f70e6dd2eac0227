package io.concordat.silonode.training;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.random.NoiseSeed;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.privacy.vector.ExactDecision;
import io.concordat.privacy.vector.ExactGrant;
import io.concordat.protocol.analysis.Analysis;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.analysis.RoundShape;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.silonode.records.SiloRecords;
import java.util.Arrays;

/**
 * One silo's vectors for the rounds of its federation: the private half with its seeds and grant.
 */
public final class Contributions {
  private static final String COIN = "coin";
  private static final String NOISE = "noise";

  private final Policy policy;
  private final Randomness randomness;
  private final byte[] nodeSecret;

  /**
   * @param policy in force for the jobs that this object serves
   * @param nodeSecret the node's own 32 bytes; hedges against a repeating system generator
   */
  public Contributions(Policy policy, Randomness randomness, byte[] nodeSecret) {
    this.policy = policy;
    this.randomness = randomness;
    this.nodeSecret = nodeSecret.clone();
  }

  /**
   * The vector for one announced round, ready to be sealed. Coins and noise come from a fresh seed
   * each time it is called; a vector that was sealed is stored as sealed bytes and never computed
   * again for the same round.
   *
   * @param job digest of the signed job
   * @param dataset the job's dataset
   * @param context of the announced round
   * @param counter how many seals this node has begun
   */
  public PrivateHalf.Outcome vector(
      Digest job,
      String dataset,
      Analysis analysis,
      PublicState state,
      SiloRecords records,
      RoundContext context,
      long counter) {
    RoundShape shape = analysis.shape(state);
    return switch (shape.sealing()) {
      case RoundShape.Sealing.Exact _ -> {
        Decision decision = new Decision(policy, dataset, job.toString());
        if (!decision.exactSumsAllowed()) {
          yield new PrivateHalf.Outcome.Unfit("the policy has no exact sums of " + dataset);
        }
        yield PrivateHalf.exact(shape, state, records, ExactGrant.from(decision));
      }
      case RoundShape.Sealing.Noised _ -> {
        Digest read = Digest.of(records.sha256());
        byte[] seed = NoiseSeed.derive(randomness, nodeSecret, context, read, counter);
        try {
          yield PrivateHalf.noised(
              shape, state, records, new KeystreamBits(seed, COIN), new KeystreamBits(seed, NOISE));
        } finally {
          Arrays.fill(seed, (byte) 0);
        }
      }
    };
  }

  /** What the policy says of exact sums; {@code privacy: none} is the only yes. */
  private record Decision(Policy policy, String dataset, String job) implements ExactDecision {
    @Override
    public boolean exactSumsAllowed() {
      return policy
          .dataset(dataset)
          .map(found -> found.privacy() instanceof Privacy.None)
          .orElse(false);
    }
  }
}
