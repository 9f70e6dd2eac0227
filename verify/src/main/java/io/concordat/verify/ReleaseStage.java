package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.analysis.AnalysisProgram;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.statement.JobEnded;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the document that was handed out says what the final state says, each number to its last
 * bit, and nothing besides: what it claimed beyond the result would be nobody's word.
 */
final class ReleaseStage {
  static final String RELEASE = "the released document is this result";

  private static final int MAX_RELEASE_BYTES = 256 << 20;

  private ReleaseStage() {}

  static void run(
      PackFiles pack, JobRecord job, Policy policy, StateTrail trail, List<Check> checks)
      throws IOException {
    Optional<JobEnded> end = job.end();
    if (end.isEmpty() || end.get().outcome() != JobEnded.Outcome.SUCCEEDED) {
      return;
    }
    Tally tally = new Tally(JobStage.name(job) + ": " + RELEASE);
    String path = PackLayout.release(job.digest());
    try {
      Optional<byte[]> file = pack.read(path, MAX_RELEASE_BYTES);
      if (file.isEmpty()) {
        tally.fault("release", "not in the pack: " + path);
      } else if (trail.lost()) {
        trail.mark(tally, path);
      } else {
        difference("", wanted(job, policy, trail.state()), PlainJson.readObject(file.get()))
            .ifPresentOrElse(what -> tally.fault(path, what), tally::agree);
      }
    } catch (DecodeException | IllegalArgumentException e) {
      tally.fault(path, String.valueOf(e.getMessage()));
    }
    checks.add(tally.check(path + ": every member compared with the computed result"));
  }

  private static Map<String, Object> wanted(JobRecord job, Policy policy, byte[] last)
      throws DecodeException {
    if (!(job.terms().program() instanceof AnalysisProgram program)) {
      throw new DecodeException("the job's analysis is unknown");
    }
    Optional<JobPrice> price = Optional.empty();
    if (job.terms().noised()) {
      Outcome<JobPrice> priced =
          JobReader.read("job", job.submitted().fileBytes()).then(s -> JobPrice.of(s, policy));
      if (!(priced instanceof Outcome.Accepted<JobPrice>(JobPrice of))) {
        throw new DecodeException("the job has no price: " + priced.refusals());
      }
      price = Optional.of(of);
    }
    return ReleasedDocument.of(
        job,
        program.analysis().result(PublicState.fromBytes(last)),
        job.end().flatMap(JobEnded::result).orElseThrow().toString(),
        price);
  }

  /** The first place where the document lacks, changes or adds something. */
  static Optional<String> difference(String path, Object wanted, @Nullable Object found) {
    if (wanted instanceof Map<?, ?> members && found instanceof Map<?, ?> object) {
      for (Object name : object.keySet()) {
        if (!members.containsKey(name)) {
          return Optional.of(path + "/" + name + " is no part of the result");
        }
      }
      return members.entrySet().stream()
          .map(m -> difference(path + "/" + m.getKey(), m.getValue(), object.get(m.getKey())))
          .flatMap(Optional::stream)
          .findFirst();
    }
    if (wanted instanceof List<?> items && found instanceof List<?> list) {
      if (items.size() != list.size()) {
        return Optional.of(path + " has " + list.size() + " elements, not " + items.size());
      }
      for (int i = 0; i < items.size(); i++) {
        Optional<String> inside = difference(path + "/" + i, items.get(i), list.get(i));
        if (inside.isPresent()) {
          return inside;
        }
      }
      return Optional.empty();
    }
    return wanted.equals(found)
        ? Optional.empty()
        : Optional.of(
            path + (found == null ? " is missing" : " is " + found) + ", computed is " + wanted);
  }
}
