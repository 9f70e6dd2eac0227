package io.concordat.verify;

import io.concordat.audit.note.Checkpoint;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.statement.SubmitterEndorsed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Checks a pack. */
public final class PackVerifier {
  static final String NOTHING_ELSE = "The pack holds nothing that the log does not account for";

  private PackVerifier() {}

  /**
   * All checks, in the order of trust: each stands on those before it, and the list ends where
   * there is nothing left to stand on.
   *
   * @param packFolder what {@code concordat audit export} wrote
   * @param trustedPolicyFile a policy that the reader has from a source of their own; its
   *     signatures stand beside it under the same name and {@code .sig}, else the pack's are taken
   * @throws IOException if a file cannot be read; a file that is not there, or is not what it
   *     should be, is a failed check instead
   */
  public static List<Check> verify(Path packFolder, Path trustedPolicyFile) throws IOException {
    List<Check> checks = new ArrayList<>();
    PackFiles pack = new PackFiles(packFolder);
    TreeMap<Integer, Policy> versions = PolicyStage.run(pack, trustedPolicyFile, checks);
    if (versions.isEmpty()) {
      return List.copyOf(checks);
    }
    Optional<Checkpoint> head = LogStage.run(pack, LogStage.governing(pack, versions), checks);
    if (head.isEmpty()) {
      return List.copyOf(checks);
    }
    Optional<ReplayStage.Replayed> replayed = ReplayStage.run(pack, head.get(), versions, checks);
    if (replayed.isEmpty()) {
      return List.copyOf(checks);
    }
    jobs(pack, replayed.get(), checks);
    BudgetStage.run(replayed.get().ledger(), replayed.get().policies(), checks);
    Tally rest = new Tally(NOTHING_ELSE);
    pack.unasked().forEach(path -> rest.fault(path, "no entry of the log leads to this file"));
    checks.add(rest.check("every file was asked for by a check"));
    return List.copyOf(checks);
  }

  private static void jobs(PackFiles pack, ReplayStage.Replayed replayed, List<Check> checks)
      throws IOException {
    FederationLedger ledger = replayed.ledger();
    for (JobRecord job : ledger.jobs()) {
      Policy policy = replayed.policies().get(job.rules().policy());
      if (policy == null) {
        checks.add(
            Check.failed(
                JobStage.name(job) + ": " + JobStage.REQUEST,
                "not in the pack: the policy it is pinned to, " + job.rules().policy()));
        continue;
      }
      String endorsedBy =
          ledger.endorsement(job.submitter()).map(SubmitterEndorsed::institution).orElse("nobody");
      StateTrail trail =
          new JobStage(pack, job, policy, replayed.openedAt(), RingKernels.best())
              .run(endorsedBy, checks);
      ReleaseStage.run(pack, job, policy, trail, checks);
      ClaimStage.run(pack, job, policy, trail, checks);
    }
  }
}
