package io.concordat.protocol.policy;

import java.util.Set;

/** What a job may be. Anything that no grant names is refused. */
public sealed interface AnalysisGrant {

  String kind();

  /**
   * @param minCellCount smallest count that a silo lets into a sum; applied before sealing, since
   *     nothing can be withheld from an opened sum
   */
  record Statistics(int minCellCount) implements AnalysisGrant {
    public Statistics {
      Ids.check(minCellCount >= 1, "minCellCount must be at least 1");
    }

    @Override
    public String kind() {
      return "statistics";
    }
  }

  /**
   * @param models names of model kinds
   * @param maxParameters most values of a model
   * @param maxRounds most openings of a job
   */
  record Train(Set<String> models, long maxParameters, int maxRounds) implements AnalysisGrant {
    public Train {
      models = Set.copyOf(models);
      Ids.check(!models.isEmpty(), "a train grant names a model");
      Ids.check(maxParameters >= 1, "maxParameters must be at least 1");
      Ids.check(maxRounds >= 1, "maxRounds must be at least 1");
    }

    @Override
    public String kind() {
      return "train";
    }
  }
}
