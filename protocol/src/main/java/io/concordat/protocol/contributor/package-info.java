/**
 * A silo's part in a job's rounds: seal once, send the stored bytes, state the fingerprint, open
 * and check every sum itself, advance its own state.
 *
 * <p>Promise: one (job, round) is sealed at most once from this state; a seal happens only for the
 * first announcement under a quorum checkpoint, on the state that this silo computed itself, and
 * after its charge is written.
 *
 * <p>Non-promise: what the vector holds. Clipping and noise are done before, by types that package
 * {@code io.concordat.privacy.vector} alone can make.
 *
 * <p>Read next: {@link io.concordat.protocol.contributor.ContributorState}.
 */
@NullMarked
package io.concordat.protocol.contributor;

import org.jspecify.annotations.NullMarked;
