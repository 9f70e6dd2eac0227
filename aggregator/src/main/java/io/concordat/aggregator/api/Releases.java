package io.concordat.aggregator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.aggregator.log.JobEntity;
import io.concordat.aggregator.log.LogLeafEntity;
import io.concordat.aggregator.log.LogSigner;
import io.concordat.aggregator.log.ReleaseEntity;
import io.concordat.aggregator.log.RoundEntity;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.claims.ClaimSheet;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.ReleasePublished;
import io.concordat.protocol.statement.SignedStatement;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Results of jobs that succeeded. Made from the job's final state when first asked for, since a
 * crash may come between the log's last word on a job and anything made from it.
 */
@ApplicationScoped
public class Releases {
  private final NamedBlobs blobs;
  private final Federation federation;
  private final ObjectMapper json;
  private final RoundDriver driver;

  /** Sheets cost an accountant's second each and never change. */
  private final Map<String, JsonObject> sheets = new ConcurrentHashMap<>();

  private final LogSigner signer;

  Releases(
      NamedBlobs blobs,
      Federation federation,
      ObjectMapper json,
      RoundDriver driver,
      LogSigner signer) {
    this.signer = signer;
    this.driver = driver;
    this.blobs = blobs;
    this.federation = federation;
    this.json = json;
  }

  /** What a job's page shows of its result. */
  record Summary(String id, Map<String, Double> metrics) {}

  /** The release of a job, if it succeeded. */
  Optional<Summary> summary(JobEntity job) {
    return of(job)
        .map(release -> {
          Map<String, Double> metrics = new LinkedHashMap<>();
          try {
            JsonNode figures = json.readTree(release.model).path("metrics");
            figures
                .properties()
                .forEach(figure -> metrics.put(figure.getKey(), figure.getValue().asDouble()));
          } catch (IOException ours) {
            throw new UncheckedIOException(ours);
          }
          return new Summary(release.id, metrics);
        });
  }

  Optional<ReleaseEntity> of(JobEntity job) {
    if (!job.state.equals("Succeeded")) {
      return Optional.empty();
    }
    Optional<ReleaseEntity> made =
        QuarkusTransaction.joiningExisting()
            .call(() -> ReleaseEntity.<ReleaseEntity>find("job", job.digest).firstResultOptional());
    if (made.isPresent()) {
      publish(job, made.get());
      return made;
    }
    ReleaseEntity fresh = make(job);
    // One statement that writes: reading first could meet another writer and fail (DatabaseStore
    // says why). Two who
    // make it at once write the same bytes, and one of them is kept.
    QuarkusTransaction.requiringNew()
        .run(() ->
            ReleaseEntity.getEntityManager()
                .createNativeQuery(
                    "insert into releases (id, job, name, kind, state_digest, model, released_at)"
                        + " values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (id) do nothing")
                .setParameter(1, fresh.id)
                .setParameter(2, fresh.job)
                .setParameter(3, fresh.name)
                .setParameter(4, fresh.kind)
                .setParameter(5, fresh.stateDigest)
                .setParameter(6, fresh.model)
                .setParameter(7, fresh.releasedAt)
                .executeUpdate());
    publish(job, fresh);
    return Optional.of(fresh);
  }

  /** Brings every result into the log, whether or not somebody has asked for it yet. */
  public void publish() {
    all();
  }

  /**
   * Nobody gets a document before the log says which bytes it has, under both signatures of the
   * log: what was handed out once cannot be told otherwise later.
   */
  private void publish(JobEntity job, ReleaseEntity release) {
    try {
      Digest digest = Digest.parseHex(job.digest);
      if (published(digest)) {
        return;
      }
      SignedStatement signed =
          signer.sign(
              new ReleasePublished(
                  digest,
                  Digest.parseHex(release.stateDigest),
                  Digests.sha256(release.model),
                  Digests.sha256(claims(job).orElseThrow().bytes())));
      try {
        driver.take(new AggregatorEvent.Said(LogEntry.AGGREGATOR, signed));
      } catch (ProblemException refused) {
        // Two who ask at once both come here; the log takes one of them.
        if (!published(digest)) {
          throw refused;
        }
      }
    } catch (DecodeException ours) {
      throw new InvariantViolation("a stored digest does not read", ours);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new ProblemException(Code.NODE_UNAVAILABLE, "the aggregator is stopping");
    }
  }

  private boolean published(Digest job) {
    return driver.look(core -> core.ledger().job(job).flatMap(JobRecord::published).isPresent());
  }

  /** What was handed out of a job, if it succeeded. */
  public Optional<byte[]> document(Digest job) {
    JobEntity found =
        QuarkusTransaction.joiningExisting().call(() -> JobEntity.findById(job.hex()));
    return Optional.ofNullable(found).flatMap(this::of).map(release -> release.model);
  }

  /** What is claimed about the privacy of a job's result, if it succeeded. */
  public Optional<JsonObject> claims(Digest job) {
    JobEntity found =
        QuarkusTransaction.joiningExisting().call(() -> JobEntity.findById(job.hex()));
    return Optional.ofNullable(found).flatMap(this::claims);
  }

  Optional<JsonObject> claims(JobEntity job) {
    return job.state.equals("Succeeded")
        ? Optional.of(sheets.computeIfAbsent(job.digest, _ -> sheet(job)))
        : Optional.empty();
  }

  private JsonObject sheet(JobEntity job) {
    try {
      Digest digest = Digest.parseHex(job.digest);
      JobRecord record =
          driver.look(core ->
              core.ledger()
                  .job(digest)
                  .orElseThrow(() -> new InvariantViolation("a job that is not in the log")));
      return ClaimSheet.of(
          record, plan(job), federation.pinned(record.rules().policy()), lastState(job));
    } catch (DecodeException | RefusedException ours) {
      throw new InvariantViolation("the claims of job " + job.id + " do not read", ours);
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }

  private PublicState lastState(JobEntity job) throws IOException, DecodeException {
    Digest state = Digest.parseHex(finalState(job));
    try (InputStream in = blobs.open(Names.state(Digest.parseHex(job.digest), state))) {
      return PublicState.fromBytes(in.readAllBytes());
    }
  }

  List<ReleaseEntity> all() {
    List<JobEntity> succeeded =
        QuarkusTransaction.requiringNew()
            .call(() -> JobEntity.list("state = 'Succeeded' order by logIndex desc"));
    return succeeded.stream().flatMap(job -> of(job).stream()).toList();
  }

  private ReleaseEntity make(JobEntity job) {
    String stateDigest = finalState(job);
    try (InputStream in =
        blobs.open(Names.state(Digest.parseHex(job.digest), Digest.parseHex(stateDigest)))) {
      PublicState state = PublicState.fromBytes(in.readAllBytes());
      JobPlan plan = plan(job);
      ObjectNode document =
          new ResultDocument(json)
              .of(plan.analysis().result(state), "sha256:" + job.digest, "sha256:" + stateDigest);
      plan.price()
          .ifPresent(price ->
              document
                  .put("epsilon", price.epsilon())
                  .put("delta", Double.toString(price.delta())));
      ReleaseEntity release = new ReleaseEntity();
      release.id = job.id;
      release.job = job.digest;
      release.name = job.name;
      release.kind = document.path("kind").asText();
      release.stateDigest = stateDigest;
      release.model = json.writeValueAsBytes(document);
      release.releasedAt = job.endedAt == null ? 0 : job.endedAt;
      return release;
    } catch (DecodeException | RefusedException ours) {
      throw new InvariantViolation("the result of job " + job.id + " does not read", ours);
    } catch (IOException disk) {
      throw new UncheckedIOException(disk);
    }
  }

  private JobPlan plan(JobEntity job) throws DecodeException, RefusedException {
    byte[] leaf =
        QuarkusTransaction.joiningExisting()
            .call(() -> {
              LogLeafEntity row = LogLeafEntity.findById(job.logIndex);
              return row.entry;
            });
    LogEntry entry = LogEntry.read(leaf);
    JobSubmitted submitted = (JobSubmitted) entry.signed().statement();
    return federation.plan(submitted.fileBytes(), entry.policy());
  }

  /** The state that the last opened round led to: a job succeeds by nothing else. */
  private static String finalState(JobEntity job) {
    @Nullable RoundEntity last =
        QuarkusTransaction.joiningExisting()
            .call(() ->
                RoundEntity.<RoundEntity>find(
                        "job = ?1 and state = 'Opened' order by number desc", job.digest)
                    .firstResult());
    if (last == null || last.nextState == null) {
      throw new InvariantViolation("job " + job.id + " succeeded without an opened round");
    }
    return last.nextState;
  }
}
