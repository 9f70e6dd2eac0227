package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.analysis.AnalysisProgram;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.analysis.PublicState;
import io.concordat.protocol.claims.ClaimSheet;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A result as a file. */
final class Release {
  private Release() {}

  static byte[] document(JobRecord job, Policy policy, byte[] last) {
    AnalysisProgram program = (AnalysisProgram) job.terms().program();
    try {
      Optional<JobPrice> price =
          JobReader.read("job", job.submitted().fileBytes()).then(s -> JobPrice.of(s, policy))
                  instanceof Outcome.Accepted<JobPrice>(JobPrice of)
              ? Optional.of(of)
              : Optional.empty();
      return json(ReleasedDocument.of(
              job,
              program.analysis().result(PublicState.fromBytes(last)),
              Digests.sha256(last).toString(),
              price))
          .getBytes(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException unfinished) {
      // Of a federation in trouble: a document all the same.
      return "{\"schema\":\"none\"}".getBytes(StandardCharsets.UTF_8);
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  static byte[] claims(JobRecord job, Policy policy, byte[] last) {
    try {
      JobPlan plan =
          JobReader.read("job", job.submitted().fileBytes())
              .then(spec -> JobPlan.of(spec, policy))
              .orThrow();
      return ClaimSheet.of(job, plan, policy, PublicState.fromBytes(last)).bytes();
    } catch (IllegalArgumentException unfinished) {
      return "{\"schema\":\"none\"}".getBytes(StandardCharsets.UTF_8);
    } catch (DecodeException | RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private static String json(Object value) {
    return switch (value) {
      case Map<?, ?> object ->
          object.entrySet().stream()
              .map(m -> "\"" + m.getKey() + "\":" + json(m.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(Release::json).collect(Collectors.joining(",", "[", "]"));
      case String text -> "\"" + text + "\"";
      default -> value.toString();
    };
  }
}
