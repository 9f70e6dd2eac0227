package io.concordat.aggregator.problem;

import org.jspecify.annotations.Nullable;

/** A designed "no" on its way to the caller. Carries no stack trace: it is an answer, not a bug. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private ProblemException(Problem problem) {
    super(problem.code() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  public static ProblemException of(Problem problem) {
    return new ProblemException(problem);
  }

  public static ProblemException of(
      int status, String code, String title, @Nullable String detail, @Nullable String hint) {
    return new ProblemException(
        new Problem("urn:concordat:problem:" + code, title, status, detail, code, null, hint));
  }

  public static ProblemException notFound(String what, String id) {
    return of(
        404,
        "request.not-found",
        "There is no such resource.",
        "no " + what + " " + id + " that you may see",
        "List what there is, and compare the id.");
  }

  public static ProblemException badRequest(String field, String detail) {
    return new ProblemException(
        new Problem(
            "urn:concordat:problem:request.invalid",
            "The request cannot be read.",
            400,
            detail,
            "request.invalid",
            new Problem.Where(null, null, null, field),
            "Compare the request with the OpenAPI description at /q/openapi."));
  }

  public static ProblemException tooLarge(String detail) {
    return of(
        413,
        "request.too-large",
        "The body is longer than this request can be.",
        detail,
        "Exact lengths follow from the round's layout; nothing may be longer.");
  }

  public Problem problem() {
    return problem;
  }
}
