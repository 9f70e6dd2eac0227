/**
 * The aggregator service: it announces rounds, stores and adds ciphertexts, gathers key sums and
 * keeps the public log.
 *
 * <p>Promise: it is available, it loses nothing it acknowledged, and it goes on where it was after
 * a restart at any moment. What it decides comes from the pure state machines of {@code
 * io.concordat.protocol}; this module only loads, steps, stores and sends.
 *
 * <p>Non-promise: nobody trusts it with anything else. Each of its outputs is checked elsewhere by
 * digest, signature, fingerprint or recomputation.
 *
 * <p>Read next: {@code io.concordat.aggregator.round}, where events become transactions.
 */
@NullMarked
package io.concordat.aggregator;

import org.jspecify.annotations.NullMarked;
