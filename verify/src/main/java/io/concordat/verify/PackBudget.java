package io.concordat.verify;

import io.concordat.audit.note.Checkpoint;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.claims.BudgetReport;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The budget as an audit pack's log shows it, without the aggregator. */
public final class PackBudget {
  private PackBudget() {}

  /**
   * What came of reading a pack.
   *
   * @param report where the budget stands; empty where one of the checks failed
   * @param checks those that the report rests on: policy, signed head, replay
   */
  public record Result(Optional<BudgetReport> report, List<Check> checks) {
    public Result {
      checks = List.copyOf(checks);
    }
  }

  /**
   * Reads.
   *
   * @param trustedPolicyFile as for {@link PackVerifier#verify}
   */
  public static Result of(Path packFolder, Path trustedPolicyFile) throws IOException {
    List<Check> checks = new ArrayList<>();
    PackFiles pack = new PackFiles(packFolder);
    TreeMap<Integer, Policy> versions = PolicyStage.run(pack, trustedPolicyFile, checks);
    if (versions.isEmpty()) {
      return new Result(Optional.empty(), checks);
    }
    Optional<Checkpoint> head = LogStage.run(pack, LogStage.governing(pack, versions), checks);
    if (head.isEmpty()) {
      return new Result(Optional.empty(), checks);
    }
    Optional<ReplayStage.Replayed> replayed = ReplayStage.run(pack, head.get(), versions, checks);
    Optional<BudgetReport> report =
        checks.stream().allMatch(Check::ok)
            ? replayed.flatMap(PackBudget::report)
            : Optional.empty();
    return new Result(report, checks);
  }

  private static Optional<BudgetReport> report(ReplayStage.Replayed replayed) {
    Map<Digest, Policy> policies = replayed.policies();
    Policy newest = policies.get(replayed.ledger().rules().policy());
    if (newest == null) {
      return Optional.empty();
    }
    PinnedJobReader jobs = new PinnedJobReader(d -> Optional.ofNullable(policies.get(d)));
    return Optional.of(
        BudgetReport.read(replayed.ledger(), newest)
            .report(job -> {
              try {
                return jobs.plan(job.submitted().fileBytes(), job.rules().policy()).price();
              } catch (RefusedException unknownVersion) {
                return Optional.empty();
              }
            }));
  }
}
