package io.concordat.aggregator.log;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.box.BoxLength;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.Write;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stores leaves and keeps the tables by which people find them. Runs inside the transaction that
 * appends.
 *
 * <p>The tables say what the log says and no more; nothing decides by them.
 */
public final class LogIndex {
  private static final int REMEMBERED = 256;

  private final JobFacts.Reader facts;

  /** Rounds by manifest, the newest: a row by its key costs no query, which would flush first. */
  private final LinkedHashMap<String, String> contexts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > REMEMBERED;
        }
      };

  public LogIndex(JobFacts.Reader facts) {
    this.facts = facts;
  }

  /** Appends leaves at the indices they name. */
  public void append(List<Write.Append> leaves) {
    for (Write.Append leaf : leaves) {
      LogLeafEntity row = new LogLeafEntity();
      row.index = leaf.index();
      row.entry = leaf.leaf();
      try {
        JsonObject entry = CanonicalJson.parseObject(leaf.leaf());
        row.type = entry.string("type");
        row.actor = entry.string("actor");
        row.loggedAt = entry.instant("time").toEpochMilli();
        Statement statement = StatementType.of(row.type).read(entry.object("statement"));
        Digest policy = Digest.parse(entry.object("policy").string("sha256"));
        row.job = follow(statement, row, policy);
      } catch (DecodeException unreadable) {
        // The machines appended it a moment ago: whatever reads otherwise is a bug here or there.
        throw new InvariantViolation("leaf " + leaf.index() + " does not read", unreadable);
      }
      row.persist();
    }
  }

  private @Nullable String follow(Statement statement, LogLeafEntity row, Digest policy) {
    return switch (statement) {
      case JobSubmitted submitted -> submitted(submitted, row, policy);
      case JobDecision decision -> decision.job().hex();
      case ReleaseDecision decision -> decision.job().hex();
      case RoundAnnounced announced -> announced(announced, row);
      case CohortFixed fixed -> fixed(fixed);
      case OpeningRecorded recorded ->
          round(recorded.manifest())
              .map(round -> {
                round.state = "Opening";
                return round.job;
              })
              .orElse(null);
      case RoundOpened opened -> opened(opened, row);
      case RoundFailed failed ->
          round(failed.manifest())
              .map(round -> {
                round.state = failed.kind() == RoundFailed.Kind.OVERFLOW ? "Overflowed" : "Spoiled";
                return round.job;
              })
              .orElse(null);
      case JobEnded ended -> ended(ended, row);
      default -> null;
    };
  }

  private String submitted(JobSubmitted submitted, LogLeafEntity row, Digest policy) {
    String digest = submitted.digest().hex();
    if (JobEntity.findById(digest) != null) {
      return digest;
    }
    JobFacts read = facts.read(submitted.fileBytes(), policy);
    JobEntity job = new JobEntity();
    job.digest = digest;
    job.id = digest.substring(0, 12);
    job.name = read.name();
    job.dataset = read.dataset();
    job.kind = read.kind();
    job.submitter = submitted.submitter().toString();
    job.state = "Submitted";
    job.logIndex = row.index;
    job.openings = read.openings();
    job.epsilon = read.epsilon();
    job.delta = read.delta();
    job.submittedAt = row.loggedAt;
    job.persist();
    return digest;
  }

  private static String announced(RoundAnnounced announced, LogLeafEntity row) {
    String jobDigest = announced.job().hex();
    endOpenRounds(jobDigest);
    RoundEntity round = new RoundEntity();
    round.ctx = Names.hex(announced.ctx());
    round.job = jobDigest;
    round.number = announced.round();
    round.state = "Collecting";
    round.bytes = bytesOfOneSilo(announced);
    round.announcedAt = row.loggedAt;
    round.persist();
    JobEntity job = JobEntity.findById(jobDigest);
    if (job != null) {
      job.state = "Running";
      if (job.startedAt == null) {
        job.startedAt = row.loggedAt;
      }
    }
    return jobDigest;
  }

  private static long bytesOfOneSilo(RoundAnnounced announced) {
    ParameterSet set =
        ParameterSet.byId(announced.parameters())
            .orElseThrow(() -> new InvariantViolation("unknown parameter set announced"));
    Layout layout = new Layout(set, announced.values(), announced.bits(), announced.maxCohort());
    long box = BoxLength.ofShare(2 * set.ringDegree());
    return layout.ciphertextBytes() + announced.boxKeys().size() * box;
  }

  private @Nullable String fixed(CohortFixed fixed) {
    RoundEntity round = RoundEntity.findById(Names.hex(fixed.ctx()));
    if (round == null) {
      return null;
    }
    if (round.manifest == null) {
      round.manifest = fixed.digest().hex();
      contexts.put(round.manifest, round.ctx);
      round.contributors = fixed.cohort().size();
      round.sumBytes = fixed.sumLength();
      round.sumBlob = Names.sum(fixed);
      round.state = "CohortFixed";
    }
    return round.job;
  }

  private @Nullable String opened(RoundOpened opened, LogLeafEntity row) {
    Optional<RoundEntity> found = round(opened.manifest());
    if (found.isEmpty()) {
      return null;
    }
    RoundEntity round = found.get();
    round.state = "Opened";
    round.nextState = opened.state().hex();
    round.openedAt = row.loggedAt;
    JobEntity job = JobEntity.findById(round.job);
    if (job != null) {
      job.opened++;
    }
    return round.job;
  }

  private static String ended(JobEnded ended, LogLeafEntity row) {
    String digest = ended.job().hex();
    endOpenRounds(digest);
    JobEntity job = JobEntity.findById(digest);
    if (job != null) {
      String outcome = ended.outcome().name();
      job.state = outcome.charAt(0) + outcome.substring(1).toLowerCase(Locale.ROOT);
      job.endedAt = row.loggedAt;
      job.code = ended.code().orElse(null);
    }
    return digest;
  }

  /** The next announcement and the end of the job end whatever round is open. */
  private static void endOpenRounds(String job) {
    List<RoundEntity> open =
        RoundEntity.list("job = ?1 and state in ('Collecting', 'CohortFixed', 'Opening')", job);
    open.forEach(round -> round.state = "Ended unopened");
  }

  private Optional<RoundEntity> round(Digest manifest) {
    String known = contexts.get(manifest.hex());
    if (known != null) {
      // Remembered by a transaction that failed, it is simply not there.
      RoundEntity round = RoundEntity.findById(known);
      if (round != null && manifest.hex().equals(round.manifest)) {
        return Optional.of(round);
      }
    }
    return RoundEntity.<RoundEntity>find("manifest", manifest.hex()).firstResultOptional();
  }
}
