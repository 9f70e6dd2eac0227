/**
 * A witness's part: cosign heads of one growing log, and after every start ask the others first.
 *
 * <p>Promise: from one state no two heads are cosigned of which one does not continue the other,
 * and after a start nothing at all before enough other witnesses have named the newest head they
 * know.
 *
 * <p>Non-promise: a machine that is restored without noticing (no start, no changed generation id)
 * counts among the faulty that the quorum allows for.
 *
 * <p>Read next: {@link io.concordat.protocol.witness.WitnessState}.
 */
@NullMarked
package io.concordat.protocol.witness;

import org.jspecify.annotations.NullMarked;
