package io.concordat.protocol.ledger;

import io.concordat.protocol.refusal.Refusal;
import java.util.Optional;

/** What replay made of an entry. Both kinds stay in the log and in the tree. */
public sealed interface Verdict {
  /** The entry took effect. */
  record Valid() implements Verdict {}

  /**
   * The entry broke a rule and has no effect, except that it may have been the first of its kind.
   */
  record Invalid(Refusal refusal) implements Verdict {}

  /** The reason why not, if there is one. */
  default Optional<Refusal> reason() {
    return switch (this) {
      case Valid valid -> Optional.empty();
      case Invalid(Refusal refusal) -> Optional.of(refusal);
    };
  }
}
