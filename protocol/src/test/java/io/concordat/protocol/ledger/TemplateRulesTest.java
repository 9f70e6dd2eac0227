package io.concordat.protocol.ledger;

import static io.concordat.protocol.testing.Handmade.CAP;
import static io.concordat.protocol.testing.Handmade.OPEN;
import static io.concordat.protocol.testing.Handmade.code;
import static io.concordat.protocol.testing.Handmade.good;
import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.TemplateApproved;
import io.concordat.protocol.statement.TemplateSubmitted;
import io.concordat.protocol.testing.Handmade;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A job that runs an uploaded graph, whatever version of the policy names that graph. */
class TemplateRulesTest {
  /** A log whose every job runs the test's graph. */
  private final Handmade plain = new Handmade();

  private final Handmade log = graphs(plain);

  private static Handmade graphs(Handmade plain) {
    JobReader reader = Handmade.reader();
    return plain
        .continuing(
            new FederationLedger(
                plain.rules,
                plain.book(),
                (file, rules) -> {
                  JobTerms t = reader.read(file, rules);
                  return new JobTerms(
                      t.federation(),
                      t.name(),
                      t.dataset(),
                      t.noised(),
                      t.stepPrices(),
                      t.program(),
                      Optional.of(Graphs.TWO_LAYERS.digest()));
                }))
        .begun();
  }

  @Test
  void noJobRunsAGraphBeforeTwoInstitutionsHaveReviewedIt() {
    TemplateSubmitted graph = Graphs.submitted(log);
    assertThat(code(log.submit(log.job(OPEN, 2)))).contains(Code.POLICY_TEMPLATE);
    good(log.append(LogEntry.SUBMITTER, "submitter", graph));
    assertThat(code(log.submit(log.job(OPEN, 2)))).contains(Code.POLICY_TEMPLATE);
    good(log.byNode("silo-1", new TemplateApproved(graph.template(), "g", "silo-1")));
    good(log.byNode("silo-1", new TemplateApproved(graph.template(), "g again", "silo-1")));
    assertThat(code(log.submit(log.job(OPEN, 2)))).as("one institution, twice").isPresent();
    good(log.byNode("silo-3", new TemplateApproved(graph.template(), "g", "silo-3")));
    good(log.submit(log.job(OPEN, 2)));
    assertThat(log.ledger.runnable(graph.template())).as("no policy names it").isFalse();
    log.activate(plain.next(log.silos, CAP, Set.of(graph.template())));
    assertThat(log.ledger.runnable(graph.template())).isTrue();
  }

  @Test
  void aGraphIsUploadedOnceByAnEndorsedPersonAndOnlyAsAGraph() {
    TemplateSubmitted graph = Graphs.submitted(log);
    TemplateSubmitted strangers =
        new TemplateSubmitted(
            graph.file(),
            "g",
            Optional.ofNullable(log.keys.get("stranger")).orElseThrow().verifyingKey());
    assertThat(code(log.append(LogEntry.SUBMITTER, "stranger", strangers)))
        .contains(Code.JOB_SUBMITTER);
    assertThat(code(log.append(LogEntry.SUBMITTER, "stranger", graph)))
        .contains(Code.STATEMENT_SIGNER);
    assertThat(code(log.byNode("silo-0", graph))).contains(Code.STATEMENT_SIGNER);
    TemplateSubmitted code = new TemplateSubmitted("import torch", "g", graph.submitter());
    assertThat(code(log.append(LogEntry.SUBMITTER, "submitter", code))).contains(Code.FILE_FIELD);
    good(log.append(LogEntry.SUBMITTER, "submitter", graph));
    assertThat(code(log.append(LogEntry.SUBMITTER, "submitter", graph)))
        .contains(Code.TEMPLATE_DUPLICATE);
  }
}
