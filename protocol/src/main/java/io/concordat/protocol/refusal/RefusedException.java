package io.concordat.protocol.refusal;

import java.util.List;
import java.util.stream.Collectors;

/** Carries refusals through code that cannot return them. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Refusal> reasons;

  public RefusedException(List<Refusal> reasons) {
    super(reasons.stream().map(Refusal::toString).collect(Collectors.joining("\n")));
    this.reasons = List.copyOf(reasons);
  }

  public RefusedException(Refusal reason) {
    this(List.of(reason));
  }

  public List<Refusal> reasons() {
    return reasons;
  }
}
