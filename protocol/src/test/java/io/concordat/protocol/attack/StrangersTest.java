package io.concordat.protocol.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.SubmitterEndorsed;
import io.concordat.protocol.testing.Handmade;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whoever has no key of the policy says nothing; whoever has one says nothing for others. */
final class StrangersTest {
  private final Handmade log = new Handmade().begun();
  private final JobRecord job = log.running(Handmade.OPEN, 2);

  /** Every statement that an institution or the aggregator could make now, by its actor. */
  private Map<Statement, String> everything() {
    RoundRecord round = log.announce(job);
    CohortFixed manifest = log.fix(round, log.silos);
    log.record(manifest, 3);
    Map<Statement, String> out = new LinkedHashMap<>();
    out.put(new DatasetDeclared(Handmade.OPEN, "silo-1", 7), "silo-1");
    out.put(new BoxKeyPublished(job.digest(), 2, 2, new byte[1216]), "silo-1");
    out.put(
        new SubmitterEndorsed(log.keys.get("stranger").verifyingKey(), "me", "silo-1"), "silo-1");
    out.put(new JobDecision(JobDecision.Kind.APPROVED, job.digest(), "silo-1", "yes"), "silo-1");
    out.put(new JobDecision(JobDecision.Kind.REJECTED, job.digest(), "silo-1", "no"), "silo-1");
    out.put(new OpeningRecorded(manifest.digest(), 4), "silo-3");
    out.put(new Freeze("silo-1", 1, "stop"), "silo-1");
    out.put(log.opened(manifest, Digests.sha256("state")), "aggregator");
    out.put(
        new RoundFailed(RoundFailed.Kind.SPOILED, manifest.digest(), List.of(1), "no"),
        "aggregator");
    out.put(
        new RoundFailed(RoundFailed.Kind.OVERFLOW, manifest.digest(), List.of(1), "no"),
        "aggregator");
    out.put(
        new JobEnded(
            job.digest(), JobEnded.Outcome.FAILED, Optional.of("job.limit"), Optional.empty()),
        "aggregator");
    out.put(log.announcement(job), "aggregator");
    out.put(new PolicyActivated(2, Digests.sha256("my policy")), "aggregator");
    return out;
  }

  @Test
  void aStrangersSignatureCountsForNothing() {
    everything()
        .forEach((statement, actor) ->
            assertThat(Handmade.code(log.append(actor, "stranger", statement)))
                .as(statement.type().wireName())
                .contains(Code.STATEMENT_SIGNER));
    assertThat(job.running()).isTrue();
    assertThat(log.ledger.frozen()).isFalse();
  }

  @Test
  void theAggregatorCannotSpeakForAnInstitution() {
    everything()
        .forEach((statement, actor) -> {
          if (!actor.equals("aggregator")) {
            assertThat(Handmade.code(log.append(actor, "aggregator", statement)))
                .as(statement.type().wireName())
                .contains(Code.STATEMENT_SIGNER);
          }
        });
  }

  @Test
  void anInstitutionCannotSpeakForAnotherOrForTheAggregator() {
    everything()
        .forEach((statement, actor) ->
            assertThat(Handmade.code(log.append(actor, "silo-2", statement)))
                .as(statement.type().wireName())
                .contains(Code.STATEMENT_SIGNER));
  }

  @Test
  void aJobInAnEndorsedSubmittersNameByAnotherKeyIsNoJob() {
    var forged =
        io.concordat.protocol.statement.SignedStatement.sign(
            log.job(Handmade.OPEN, 1).statement(), log.signer("stranger"));
    assertThat(Handmade.code(log.submit(forged))).contains(Code.STATEMENT_SIGNER);
  }

  @Test
  void aStrangersAnnouncementOrManifestDoesNotBurnTheRound() {
    RoundRecord round = log.announce(job);
    CohortFixed forged = log.manifest(round.ctx(), log.silos.subList(0, 3));
    log.append("aggregator", "stranger", forged);
    log.append("aggregator", "stranger", log.announcement(job));
    assertThat(round.manifest()).isEmpty();
    assertThat(round.ended()).isFalse();
    log.fix(round, log.silos);
  }
}
