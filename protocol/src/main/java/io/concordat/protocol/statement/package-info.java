/**
 * Everything that anybody signs, as typed records with one byte form each.
 *
 * <p>Promise: {@link io.concordat.protocol.statement.Statement#bytes} and {@link
 * io.concordat.protocol.statement.StatementType#read} are inverse to each other, byte for byte;
 * what does not read back to its own bytes does not exist as a record. A type has one signature
 * domain, and a {@link io.concordat.protocol.statement.SignedStatement} keeps the very bytes that
 * were signed.
 *
 * <p>Non-promise: a record that exists is well formed, no more. Whether its signer may say it, and
 * whether it may be said now, is for {@code io.concordat.protocol.ledger}.
 *
 * <p>Read next: {@link io.concordat.protocol.statement.StatementType} (the table of all types and
 * domains), then {@code io.concordat.protocol.ledger}.
 */
@NullMarked
package io.concordat.protocol.statement;

import org.jspecify.annotations.NullMarked;
