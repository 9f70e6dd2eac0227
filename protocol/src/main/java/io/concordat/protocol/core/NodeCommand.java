package io.concordat.protocol.core;

import io.concordat.protocol.contributor.ContributorCommand;
import io.concordat.protocol.holder.HolderCommand;

/** Heavy work of a node. A command may be given again after a restart. */
public sealed interface NodeCommand {
  /** Work with records or ciphertexts. */
  record Contribute(ContributorCommand command) implements NodeCommand {}

  /** Work with box secrets and shares. */
  record Hold(HolderCommand command) implements NodeCommand {}

  /** A blob that is not needed any more; no answer. */
  record Discard(String blob) implements NodeCommand {}
}
