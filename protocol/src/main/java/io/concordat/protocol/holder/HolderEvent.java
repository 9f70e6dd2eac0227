package io.concordat.protocol.holder;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;

/** Answers to a holder's commands. */
public sealed interface HolderEvent {
  /** The secret is on the disk; here is the public half. */
  record BoxKeyMade(Digest job, int epoch, byte[] publicKey) implements HolderEvent {}

  /** The box holds a valid share for this holder. */
  record BoxOpened(RoundContext ctx, String silo, Digest contribution, byte[] box)
      implements HolderEvent {}

  /** The box does not open, or holds no valid share. */
  record BoxRefused(RoundContext ctx, String silo, Digest contribution, String reason)
      implements HolderEvent {}

  /** The key sum as a bulk object. */
  record SharesSummed(Digest manifest, byte[] object) implements HolderEvent {}

  /** The shares could not be summed: the secret or a box is gone. */
  record SharesLost(Digest manifest, String reason) implements HolderEvent {}

  /** The secrets are gone. */
  record BoxKeysErased(Digest job, int throughEpoch) implements HolderEvent {}
}
