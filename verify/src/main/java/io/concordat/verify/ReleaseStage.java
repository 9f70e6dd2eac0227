package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.analysis.AnalysisProgram;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.ReleasePublished;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether the document that was handed out says what the final state says, each number to its last
 * bit, and nothing besides: what it claimed beyond the result would be nobody's word.
 */
final class ReleaseStage {
  static final String RELEASE = "the released document is this result";

  static final String PUBLISHED = "the released document and its claim sheet are what the log says";

  private static final int MAX_RELEASE_BYTES = 256 << 20;

  private ReleaseStage() {}

  static void run(
      PackFiles pack, JobRecord job, Policy policy, StateTrail trail, List<Check> checks)
      throws IOException {
    // Without that entry nothing was given out, and a document in the pack has nothing behind it.
    Optional<ReleasePublished> published = job.published();
    if (published.isEmpty()) {
      return;
    }
    checks.add(published(pack, job, policy, published.get()));
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

  private static Check published(
      PackFiles pack, JobRecord job, Policy policy, ReleasePublished published) throws IOException {
    Tally tally = new Tally(JobStage.name(job) + ": " + PUBLISHED);
    Map<String, Digest> named =
        Map.of(
            PackLayout.release(job.digest()), published.document(),
            PackLayout.claims(job.digest()), published.claims());
    for (Map.Entry<String, Digest> one : new TreeMap<>(named).entrySet()) {
      try {
        Optional<Digest> found = pack.read(one.getKey(), MAX_RELEASE_BYTES).map(Digests::sha256);
        if (found.equals(Optional.of(one.getValue()))) {
          tally.agree();
        } else {
          tally.fault(
              one.getKey(),
              found
                  .map(d -> "is " + d + ", the log names " + one.getValue())
                  .orElse("not in the pack"));
        }
      } catch (DecodeException tooLong) {
        tally.fault(one.getKey(), String.valueOf(tooLong.getMessage()));
      }
    }
    return tally.check(
        "both digests, signed by the log with "
            + (policy.log().releaseKey().isPresent() ? "Ed25519 and ML-DSA-65" : "Ed25519"));
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
