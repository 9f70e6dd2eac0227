package io.concordat.protocol.ledger;

import static io.concordat.protocol.ledger.Agreement.refuse;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.ReleasePublished;
import io.concordat.protocol.statement.SiteDeclared;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Entries about jobs: submission, approval, box keys, end. */
final class JobEntries {
  private final FederationLedger ledger;
  private final JobReader reader;

  /** The last submission that was checked, so that taking it does not read it again. */
  private @Nullable Draft draft;

  private record Draft(Digest digest, JobTerms terms, StateShape initial) {}

  JobEntries(FederationLedger ledger, JobReader reader) {
    this.ledger = ledger;
    this.reader = reader;
  }

  Optional<Refusal> check(LogEntry entry) {
    return switch (entry.signed().statement()) {
      case JobSubmitted s -> checkSubmission(s);
      case JobDecision d -> running(d.job()).or(() -> checkDecision(d));
      case ReleaseDecision d -> running(d.job()).or(() -> checkRelease(d));
      case ReleasePublished r -> checkPublished(r);
      case JobEnded e -> running(e.job()).or(() -> checkEnd(e));
      case BoxKeyPublished k -> running(k.job()).or(() -> checkBoxKey(k));
      default -> refuse(Code.STATEMENT_TYPE, entry.type().wireName());
    };
  }

  void take(LogEntry entry, long index) {
    switch (entry.signed().statement()) {
      case JobSubmitted s -> {
        Draft read = readDraft(s);
        JobRecord job =
            new JobRecord(
                read.digest,
                s,
                index,
                entry.time(),
                read.terms,
                read.initial,
                ledger.rules(),
                ledger.declared(read.terms.dataset()),
                byHand(read.terms, ledger.rules().manualApproval(), SiteDeclared::jobs),
                byHand(read.terms, ledger.rules().manualRelease(), SiteDeclared::releases));
        job.budgetBefore(committed(job));
        ledger.addJob(job);
      }
      case JobDecision d -> {
        JobRecord job = ledger.job(d.job()).orElseThrow();
        if (d.kind() == JobDecision.Kind.APPROVED) {
          job.approve(d.institution());
        } else {
          job.reject(d.institution());
        }
      }
      case ReleaseDecision d -> {
        JobRecord job = ledger.job(d.job()).orElseThrow();
        if (d.kind() == ReleaseDecision.Kind.APPROVED) {
          job.approveRelease(d.institution());
        } else {
          job.rejectRelease(d.institution());
        }
      }
      case ReleasePublished r -> ledger.job(r.job()).orElseThrow().publish(r);
      case JobEnded e -> {
        JobRecord job = ledger.job(e.job()).orElseThrow();
        job.endRound(index);
        job.end(e);
        job.budgetAfter(committed(job));
      }
      case BoxKeyPublished k -> ledger.job(k.job()).orElseThrow().publish(k, entry.time());
      default -> throw new IllegalArgumentException(entry.type().wireName());
    }
  }

  /** What the job's silos have committed by now, where its dataset has a cap. */
  private SortedMap<String, Long> committed(JobRecord job) {
    TreeMap<String, Long> out = new TreeMap<>();
    FederationRules.DatasetRules dataset = job.rules().datasets().get(job.terms().dataset());
    if (dataset != null && dataset.capUnits().isPresent()) {
      job.patients()
          .keySet()
          .forEach(silo -> out.put(silo, ledger.budgets().committed(silo, dataset.scope())));
    }
    return out;
  }

  /**
   * Silos with the dataset whose officers decide: all of them by the policy, or by their own word.
   */
  private Set<String> byHand(
      JobTerms terms, boolean all, Function<SiteDeclared, Approval.Mode> asked) {
    return ledger.declared(terms.dataset()).keySet().stream()
        .filter(silo ->
            all
                || ledger
                    .site(silo)
                    .filter(s -> asked.apply(s) == Approval.Mode.MANUAL)
                    .isPresent())
        .collect(Collectors.toSet());
  }

  private Optional<Refusal> running(Digest digest) {
    Optional<JobRecord> job = ledger.job(digest);
    if (job.isEmpty()) {
      return refuse(Code.JOB_UNKNOWN, digest.toString());
    }
    return job.get().running() ? Optional.empty() : refuse(Code.JOB_ENDED, digest.toString());
  }

  private Optional<Refusal> checkSubmission(JobSubmitted s) {
    if (ledger.frozen()) {
      return refuse(Code.POLICY_FROZEN, "no job starts while the federation is frozen");
    }
    if (ledger.endorsement(s.submitter()).isEmpty()) {
      return refuse(Code.JOB_SUBMITTER, "no institution endorsed " + s.submitter());
    }
    if (ledger.job(s.digest()).isPresent()) {
      return refuse(Code.JOB_DUPLICATE, s.digest().toString());
    }
    JobTerms terms;
    try {
      terms = reader.read(s.fileBytes(), ledger.rules());
      draft = new Draft(s.digest(), terms, shapeOf(terms));
    } catch (RefusedException e) {
      return Optional.of(e.reasons().getFirst());
    } catch (DecodeException e) {
      return refuse(Code.JOB_OUTSIDE_POLICY, String.valueOf(e.getMessage()));
    }
    if (!terms.federation().equals(ledger.rules().federation())) {
      return refuse(Code.JOB_FEDERATION, terms.federation());
    }
    if (terms.template().isPresent()
        && !ledger.templates().reviewed(terms.template().get(), ledger.rules())) {
      return refuse(
          Code.POLICY_TEMPLATE,
          terms.template().get()
              + " was reviewed by "
              + ledger.reviewers(terms.template().get())
              + ", needed are two institutions");
    }
    FederationRules.DatasetRules dataset = ledger.rules().datasets().get(terms.dataset());
    if (dataset == null) {
      return refuse(Code.JOB_DATASET, terms.dataset());
    }
    if (terms.noised() && dataset.capUnits().isEmpty()) {
      return refuse(Code.JOB_NOISED_WITHOUT_CAP, terms.dataset());
    }
    if (!terms.noised() && dataset.capUnits().isPresent()) {
      return refuse(Code.JOB_EXACT_UNDER_CAP, terms.dataset());
    }
    SortedMap<String, Long> silos = ledger.declared(terms.dataset());
    if (silos.size() < ledger.rules().minContributors()) {
      return refuse(
          Code.ROUND_COHORT_TOO_SMALL, silos.size() + " silos have the dataset " + terms.dataset());
    }
    if (dataset.capUnits().isEmpty()) {
      return Optional.empty();
    }
    for (String silo : silos.keySet()) {
      long left =
          dataset.capUnits().getAsLong() - ledger.budgets().committed(silo, dataset.scope());
      if (terms.priceFrom(0) > left) {
        return refuse(
            Code.JOB_BUDGET,
            "price " + terms.priceFrom(0) + ", left at " + silo + " " + left + " (1e-9 rho)");
      }
    }
    return Optional.empty();
  }

  private Draft readDraft(JobSubmitted s) {
    Draft last = draft;
    if (last != null && last.digest.equals(s.digest())) {
      return last;
    }
    throw new IllegalStateException("a submission is taken right after its check");
  }

  private static StateShape shapeOf(JobTerms terms) throws DecodeException {
    return terms.program().shape(terms.program().initialState());
  }

  private Optional<Refusal> checkDecision(JobDecision d) {
    return ledger.rules().institutions().containsKey(d.institution())
        ? Optional.empty()
        : refuse(Code.STATEMENT_SIGNER, d.institution());
  }

  private Optional<Refusal> checkRelease(ReleaseDecision d) {
    JobRecord job = ledger.job(d.job()).orElseThrow();
    if (!job.patients().containsKey(d.institution())) {
      return refuse(Code.STATEMENT_SIGNER, d.institution() + " has no part in the job");
    }
    return job.releaseRejections().contains(d.institution())
        ? refuse(Code.JOB_NOT_APPROVED, d.institution() + " rejected the release before")
        : Optional.empty();
  }

  private Optional<Refusal> checkPublished(ReleasePublished r) {
    Optional<JobRecord> job = ledger.job(r.job());
    if (job.isEmpty()) {
      return refuse(Code.JOB_UNKNOWN, r.job().toString());
    }
    if (!job.get().end().flatMap(JobEnded::result).equals(Optional.of(r.result()))) {
      return refuse(Code.ROUND_STATE, "a release of what the job did not end with");
    }
    return job.get().published().isPresent()
        ? refuse(Code.JOB_DUPLICATE, "published before: " + r.job())
        : Optional.empty();
  }

  private Optional<Refusal> checkEnd(JobEnded e) {
    JobRecord job = ledger.job(e.job()).orElseThrow();
    if (e.outcome() == JobEnded.Outcome.SUCCEEDED
        && (job.opened() != job.terms().steps() || !e.result().equals(Optional.of(job.state())))) {
      return refuse(
          Code.ROUND_STATE,
          "succeeded after " + job.opened() + " of " + job.terms().steps() + " openings");
    }
    return Optional.empty();
  }

  private Optional<Refusal> checkBoxKey(BoxKeyPublished k) {
    JobRecord job = ledger.job(k.job()).orElseThrow();
    if (job.rules().holder(k.position()).isEmpty()) {
      return refuse(Code.BOX_KEY_STALE, "no holder at position " + k.position());
    }
    JobRecord.BoxKey last = job.boxKeys().get(k.position());
    int newest = last == null ? 0 : last.published().epoch();
    return k.epoch() > newest
        ? Optional.empty()
        : refuse(Code.BOX_KEY_STALE, "epoch " + k.epoch() + " after " + newest);
  }
}
