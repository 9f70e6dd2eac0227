package io.concordat.silonode.link;

import io.concordat.protocol.refusal.Refusal;

/** What became of a message that reached the aggregator. */
public sealed interface Delivery {
  /** It is on the aggregator's disk. */
  record Taken() implements Delivery {}

  /** It was refused for good; the same bytes would be refused again. */
  record Refused(Refusal reason) implements Delivery {}
}
