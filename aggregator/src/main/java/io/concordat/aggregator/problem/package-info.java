/**
 * Refusals as RFC 9457 problems with a stable code, a place and a hint.
 *
 * <p>Promise: every error answer has this one shape. Non-promise: no decoding diagnostics for
 * nodes, no stack traces for anyone.
 *
 * <p>Read next: {@code io.concordat.protocol.refusal}.
 */
@NullMarked
package io.concordat.aggregator.problem;

import org.jspecify.annotations.NullMarked;
