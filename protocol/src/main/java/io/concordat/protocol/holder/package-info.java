/**
 * A key holder's part: take boxes, promise one manifest a round, answer once under a quorum
 * checkpoint, erase.
 *
 * <p>Promise: an answer exists only for a manifest for which this holder's record stands in a log
 * that the witnesses' quorum has signed, and for no other manifest of that round, whatever was lost
 * or restored on this machine.
 *
 * <p>Non-promise: shares are not secret from whoever holds both this machine's store and its box
 * secrets while a round is open.
 *
 * <p>Read next: {@link io.concordat.protocol.holder.HolderState}.
 */
@NullMarked
package io.concordat.protocol.holder;

import org.jspecify.annotations.NullMarked;
