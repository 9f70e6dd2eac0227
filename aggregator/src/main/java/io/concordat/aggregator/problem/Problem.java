package io.concordat.aggregator.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem.
 *
 * @param type stable URN of the code
 * @param title the code's sentence
 * @param status HTTP status
 * @param detail what was wrong this time
 * @param code stable code, lower case with dots and dashes
 * @param where the place in the caller's own file, where there is one
 * @param hint what to do about it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "RFC 9457 problem. Scripts should look at `code` only.")
public record Problem(
    @Schema(examples = "urn:concordat:problem:job.outside-policy") String type,
    String title,
    @Schema(examples = "422") int status,
    @Nullable String detail,
    @Schema(examples = "job.outside-policy") String code,
    @Nullable Where where,
    @Nullable String hint) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /** A place in a file that the caller sent. Lines and columns count from 1. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Where(
      @Nullable String file,
      @Nullable Integer line,
      @Nullable Integer column,
      @Nullable String field) {}
}
