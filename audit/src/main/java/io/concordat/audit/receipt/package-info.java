/**
 * Receipts: the file an officer keeps to show, years later and without the log, that one entry was
 * in it (c2sp.org/tlog-proof, version 1).
 *
 * <p>Promised: a receipt that verifies binds the entry to a checkpoint with the log's signature and
 * the cosignatures it carries.
 *
 * <p>Not promised: that the extra data in it is true; nothing signs it.
 *
 * <p>Read next: {@link io.concordat.audit.receipt.Receipt}.
 */
@NullMarked
package io.concordat.audit.receipt;

import org.jspecify.annotations.NullMarked;
