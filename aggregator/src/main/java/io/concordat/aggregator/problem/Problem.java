package io.concordat.aggregator.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An RFC 9457 problem.
 *
 * @param type stable URN of the code
 * @param title the code's sentence
 * @param status HTTP status
 * @param detail what was found and expected this time
 * @param code stable code, lower case with dots and dashes
 * @param where the place in the caller's own file, where there is one
 * @param hint the code's remedy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "RFC 9457 problem. Scripts should look at `code` only.")
public record Problem(
    @Schema(examples = "urn:concordat:problem:job.outside-policy") String type,
    String title,
    @Schema(examples = "422") int status,
    String detail,
    @Schema(examples = "job.outside-policy") String code,
    @Nullable Place where,
    String hint) {

  public static final String MEDIA_TYPE = "application/problem+json";

  /** A place in a file that the caller sent. Lines and columns count from 1. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(description = "Place in the caller's own file.")
  public record Place(
      @Nullable String file,
      @Nullable Integer line,
      @Nullable Integer column,
      @Nullable String field) {

    static Place of(Where where) {
      return new Place(
          where.file().isEmpty() ? null : where.file(),
          where.line() == 0 ? null : where.line(),
          where.column() == 0 ? null : where.column(),
          where.fieldPath().orElse(null));
    }
  }

  public static Problem of(Refusal refusal) {
    Code code = refusal.code();
    return new Problem(
        "urn:concordat:problem:" + code.text(),
        code.sentence(),
        status(code),
        refusal.detail(),
        code.text(),
        refusal.where().map(Place::of).orElse(null),
        code.remedy());
  }

  /**
   * Whether the same message may be taken at another time: nobody was recognised, nothing had time,
   * or something here failed.
   */
  public boolean mayBeRepeated() {
    return status < 400 || status >= 500 || status == 401 || status == 408 || status == 429;
  }

  /** HTTP statuses group codes for tools that know no codes; only the code is a promise. */
  static int status(Code code) {
    return switch (code) {
      case AUTH_FAILED, AUTH_EXPIRED, REQUEST_SIGNATURE, REQUEST_CLOCK -> 401;
      case AUTH_FORBIDDEN, AUTH_REVOKED, STATEMENT_SIGNER -> 403;
      case REQUEST_UNKNOWN, JOB_UNKNOWN, ROUND_UNKNOWN, CONTRIBUTION_UNKNOWN -> 404;
      case REQUEST_TOO_LARGE, FILE_TOO_LARGE -> 413;
      case REQUEST_MALFORMED,
          REQUEST_DIGEST,
          STATEMENT_MALFORMED,
          STATEMENT_TYPE,
          STATEMENT_SIGNATURE ->
          400;
      case STORAGE_FULL -> 507;
      case NODE_UNAVAILABLE -> 503;
      case SERVER_FAILED -> 500;
      default -> conflicts(code) ? 409 : 422;
    };
  }

  private static boolean conflicts(Code code) {
    String text = code.text().toLowerCase(Locale.ROOT);
    return text.contains(".second")
        || text.endsWith(".ended")
        || text.endsWith(".duplicate")
        || text.endsWith(".replayed")
        || text.endsWith(".state")
        || text.endsWith(".catching-up");
  }
}
