package io.concordat.aggregator.problem;

import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.Where;

/** A designed "no" on its way to the caller. Carries no stack trace: it is an answer, not a bug. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  private ProblemException(Problem problem) {
    super(problem.code() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  public ProblemException(Refusal refusal) {
    this(Problem.of(refusal));
  }

  public ProblemException(Code code, String detail) {
    this(Refusal.of(code, detail));
  }

  public static ProblemException unknown(String what, String id) {
    return new ProblemException(Code.REQUEST_UNKNOWN, "no " + what + " " + id);
  }

  public static ProblemException malformed(String field, String detail) {
    return new ProblemException(Refusal.at(Where.field(field), Code.REQUEST_MALFORMED, detail));
  }

  public Problem problem() {
    return problem;
  }
}
