package io.concordat.aggregator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.aggregator.log.JobEntity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A job as people see it. Times are RFC 3339; privacy figures are decimals in strings. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Job")
public record JobView(
    @Schema(examples = "3f9a1c0b7d2e", description = "First twelve characters of the digest")
        String id,
    @Schema(examples = "sha256:3f9a1c0b7d2e…") String digest,
    @Schema(examples = "heart-disease-risk") String name,
    @Schema(examples = "heart") String dataset,
    @Schema(examples = "train") String kind,
    @Schema(
            examples = "Running",
            description =
                "Submitted, AwaitingApproval, Running, Succeeded, Failed, Cancelled or Refused")
        String state,
    @Schema(description = "Openings done") long round,
    @Schema(description = "Openings the job takes in all") long rounds,
    Instant submittedAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Schema(description = "Why it did not succeed", examples = "job.rounds-failed")
        @Nullable String code,
    @Nullable String reason,
    @Nullable String epsilon,
    @Nullable String delta,
    @Nullable Long bytesPerSiloAndRound,
    @Nullable Map<String, Double> metrics,
    @Nullable String releaseId,
    List<String> warnings) {

  static JobView of(
      JobEntity job,
      boolean awaitsApproval,
      @Nullable Long bytes,
      @Nullable Map<String, Double> metrics,
      @Nullable String release) {
    return new JobView(
        job.id,
        "sha256:" + job.digest,
        job.name,
        job.dataset,
        job.kind,
        awaitsApproval ? "AwaitingApproval" : job.state,
        job.opened,
        job.openings,
        Instant.ofEpochMilli(job.submittedAt),
        instant(job.startedAt),
        instant(job.endedAt),
        job.code,
        job.reason,
        job.epsilon,
        job.delta,
        bytes,
        metrics,
        release,
        List.of());
  }

  static @Nullable Instant instant(@Nullable Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
