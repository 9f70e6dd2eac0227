package io.concordat.protocol.attack;

import static io.concordat.protocol.testing.Handmade.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.box.BoxKeyPair;
import io.concordat.protocol.contributor.ContributorCommand;
import io.concordat.protocol.holder.HolderCommand;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.ledger.Verdict;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.SubmitterEndorsed;
import io.concordat.protocol.testing.HandNode;
import io.concordat.protocol.testing.Handmade;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The aggregator writes the log, so it can write anything into it. What it invents in the name of
 * others is refused by every node on its own replay, and nobody acts on it.
 */
final class ForgedByAggregatorTest {
  private static final String INVENTED = "silo-9";

  /** Every node, after it has replayed this log to its end under a quorum of witnesses. */
  private static List<HandNode> everyNode(Handmade log) {
    List<HandNode> nodes = new ArrayList<>();
    log.silos.forEach(id -> nodes.add(new HandNode(log, id).caughtUp(log)));
    return nodes;
  }

  /** Fails unless each node's own replay refused the newest entry with this code. */
  private static void everyNodeRefuses(Handmade log, Code code) {
    for (HandNode node : everyNode(log)) {
      Verdict verdict = node.core.ledger().verdict(log.ledger.size() - 1);
      assertThat(verdict.reason().map(Refusal::code)).as(node.id).contains(code);
    }
  }

  private static void nobodyActs(Handmade log) {
    for (HandNode node : everyNode(log)) {
      assertThat(node.asked(ContributorCommand.Prepare.class)).as(node.id).isEmpty();
      assertThat(node.asked(HolderCommand.SumShares.class)).as(node.id).isEmpty();
      assertThat(node.posted(OpeningRecorded.class)).as(node.id).isEmpty();
    }
  }

  @Test
  void aForgedSiloIsRefusedByEveryNode() {
    Handmade log = new Handmade().begun();
    log.append(INVENTED, "aggregator", new DatasetDeclared(OPEN, INVENTED, 100));
    everyNodeRefuses(log, Code.STATEMENT_SIGNER);
    JobRecord job = log.running(OPEN, 1);
    RoundAnnounced honest = log.announcement(job);
    List<String> roster = new ArrayList<>(log.silos);
    roster.add(INVENTED);
    log.byAggregator(with(honest, roster, honest.boxKeys()));
    everyNodeRefuses(log, Code.ROUND_ROSTER);
    nobodyActs(log);
  }

  @Test
  void aForgedHolderIsRefusedByEveryNode() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(OPEN, 1);
    int position = log.silos.size() + 1;
    byte[] key = BoxKeyPair.generate(new byte[BoxKeyPair.SECRET_BYTES]).publicKey().bytes();
    BoxKeyPublished forged = new BoxKeyPublished(job.digest(), 1, position, key);
    log.append(INVENTED, "aggregator", forged);
    everyNodeRefuses(log, Code.STATEMENT_SIGNER);
    RoundAnnounced honest = log.announcement(job);
    List<RoundAnnounced.BoxKey> keys = new ArrayList<>(honest.boxKeys());
    keys.add(new RoundAnnounced.BoxKey(position, 1, forged.keyDigest()));
    log.byAggregator(with(honest, honest.roster(), keys));
    everyNodeRefuses(log, Code.BOX_KEY_STALE);
    nobodyActs(log);
  }

  @Test
  void aForgedBoxKeyIsRefusedByEveryNode() {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(OPEN, 1);
    byte[] key = BoxKeyPair.generate(new byte[BoxKeyPair.SECRET_BYTES]).publicKey().bytes();
    BoxKeyPublished forged = new BoxKeyPublished(job.digest(), 2, 2, key);
    log.append("silo-1", "aggregator", forged);
    everyNodeRefuses(log, Code.STATEMENT_SIGNER);
    RoundAnnounced honest = log.announcement(job);
    List<RoundAnnounced.BoxKey> keys = new ArrayList<>(honest.boxKeys());
    keys.set(1, new RoundAnnounced.BoxKey(2, 2, forged.keyDigest()));
    log.byAggregator(with(honest, honest.roster(), keys));
    everyNodeRefuses(log, Code.BOX_KEY_STALE);
    nobodyActs(log);
  }

  @Test
  void aForgedJobIsRefusedByEveryNode() {
    Handmade log = new Handmade().begun();
    JobSubmitted honest = (JobSubmitted) log.job(OPEN, 1).statement();
    // In an endorsed submitter's name, under the aggregator's own key.
    log.append(LogEntry.SUBMITTER, SignedStatement.sign(honest, log.signer("aggregator")));
    everyNodeRefuses(log, Code.STATEMENT_SIGNER);
    // In its own name, which it endorses itself as a hospital.
    log.append(
        "silo-0",
        "aggregator",
        new SubmitterEndorsed(log.keys.get("aggregator").verifyingKey(), "me", "silo-0"));
    everyNodeRefuses(log, Code.STATEMENT_SIGNER);
    SignedStatement own =
        SignedStatement.sign(
            new JobSubmitted(honest.file(), log.keys.get("aggregator").verifyingKey()),
            log.signer("aggregator"));
    log.append(LogEntry.SUBMITTER, own);
    everyNodeRefuses(log, Code.JOB_SUBMITTER);
    everyNode(log).forEach(n -> assertThat(n.core.ledger().jobs()).isEmpty());
  }

  @Test
  void aForgedApprovalIsRefusedByEveryNode() {
    Handmade log = new Handmade(4, true, true).begun();
    JobRecord job = log.running(OPEN, 1);
    for (String silo : log.silos) {
      log.append(
          silo,
          "aggregator",
          new JobDecision(JobDecision.Kind.APPROVED, job.digest(), silo, "fine"));
      everyNodeRefuses(log, Code.STATEMENT_SIGNER);
      log.append(
          silo,
          "aggregator",
          new ReleaseDecision(ReleaseDecision.Kind.APPROVED, job.digest(), silo, "fine"));
      everyNodeRefuses(log, Code.STATEMENT_SIGNER);
    }
    log.byAggregator(log.announcement(job));
    for (HandNode node : everyNode(log)) {
      RoundRecord round =
          node.core.ledger().job(job.digest()).orElseThrow().current().orElseThrow();
      assertThat(round.fault()).as(node.id).isPresent();
    }
    nobodyActs(log);
  }

  private static RoundAnnounced with(
      RoundAnnounced a, List<String> roster, List<RoundAnnounced.BoxKey> keys) {
    return new RoundAnnounced(
        a.federation(),
        a.policy(),
        a.job(),
        a.round(),
        a.state(),
        a.parameters(),
        a.values(),
        a.bits(),
        a.maxCohort(),
        roster,
        keys,
        a.deadline());
  }
}
