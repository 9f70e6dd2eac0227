/**
 * The private half of every analysis: what a silo computes from its records in one round.
 *
 * <p>Promise: what leaves this package is a vector that may be sealed, noised or granted exact, and
 * nothing else; a private contribution's time, size and errors do not depend on which patients the
 * coin chose. Training is a function of state, records and the job's public seed: a repeat on the
 * same machine gives the same bits. PyTorch runs offline, on one thread, one gradient at a time.
 *
 * <p>Not promised: equal bits of local training on different machines; nothing relies on it, since
 * the next state follows from the opened sum alone.
 *
 * <p>Read next: {@link io.concordat.silonode.training.PrivateHalf}.
 */
@NullMarked
package io.concordat.silonode.training;

import org.jspecify.annotations.NullMarked;
