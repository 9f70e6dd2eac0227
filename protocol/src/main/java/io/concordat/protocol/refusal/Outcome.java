package io.concordat.protocol.refusal;

import java.util.List;
import java.util.function.Function;

/** Either what was asked for or the reasons why not. */
public sealed interface Outcome<T> {

  record Accepted<T>(T value) implements Outcome<T> {}

  /** At least one reason. */
  record Refused<T>(List<Refusal> reasons) implements Outcome<T> {
    public Refused {
      reasons = List.copyOf(reasons);
      if (reasons.isEmpty()) {
        throw new IllegalArgumentException("a refusal needs a reason");
      }
    }
  }

  static <T> Outcome<T> accepted(T value) {
    return new Accepted<>(value);
  }

  static <T> Outcome<T> refused(List<Refusal> reasons) {
    return new Refused<>(reasons);
  }

  static <T> Outcome<T> refused(Refusal reason) {
    return new Refused<>(List.of(reason));
  }

  /** Applies a step that may itself refuse. */
  default <U> Outcome<U> then(Function<? super T, Outcome<U>> step) {
    return switch (this) {
      case Accepted<T>(T value) -> step.apply(value);
      case Refused<T>(List<Refusal> reasons) -> refused(reasons);
    };
  }

  /** The reasons, or an empty list. */
  default List<Refusal> refusals() {
    return switch (this) {
      case Accepted<T> accepted -> List.of();
      case Refused<T>(List<Refusal> reasons) -> reasons;
    };
  }

  /** The value, or an exception that carries the reasons: for shells that answer with a problem. */
  default T orThrow() throws RefusedException {
    return switch (this) {
      case Accepted<T>(T value) -> value;
      case Refused<T>(List<Refusal> reasons) -> throw new RefusedException(reasons);
    };
  }
}
