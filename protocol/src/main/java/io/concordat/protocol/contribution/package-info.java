/**
 * The heavy half of a node, shared by services and simulation: from a sealable vector to bytes that
 * may leave, and a holder's work with boxes.
 *
 * <p>Promise: everything random in a contribution comes from one seed bound to round and vector;
 * memory does not grow with the vector beyond the vector itself.
 *
 * <p>Non-promise: it decides nothing. Whether a contribution may be made, sent or answered for is
 * decided by {@code io.concordat.protocol.core}.
 *
 * <p>Read next: {@link io.concordat.protocol.contribution.VectorSource}.
 */
@NullMarked
package io.concordat.protocol.contribution;

import org.jspecify.annotations.NullMarked;
