package io.concordat.protocol.holder;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.RoundAnnounced;

/** Work of a holder with shares and box secrets; each command is answered by one event. */
public sealed interface HolderCommand {
  /** Make a box key pair for a job and epoch; its secret goes to a file outside the store. */
  record MakeBoxKey(Digest job, int epoch) implements HolderCommand {}

  /** Open a box and check the share's length and range; at most memory keeps the share. */
  record CheckBox(RoundAnnounced announcement, ContributionHeader header, int position, byte[] box)
      implements HolderCommand {}

  /** Open the cohort's boxes, which are rows of the store, and add up the shares. */
  record SumShares(
      RoundAnnounced announcement, CohortFixed manifest, Digest manifestDigest, int position)
      implements HolderCommand {}

  /** Overwrite and remove the secrets of all epochs of a job up to this one. */
  record EraseBoxKeys(Digest job, int throughEpoch) implements HolderCommand {}
}
