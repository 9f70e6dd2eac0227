/**
 * Checks after the fact, for an officer who does not want to take the noise on trust.
 *
 * <p>{@link io.concordat.privacy.evidence.NoiseAttestation} looks at coordinates that hold nothing
 * but noise, {@link io.concordat.privacy.evidence.NoiseRepetition} whether it comes back in later
 * rounds; {@link io.concordat.privacy.evidence.CanaryAudit} turns an attacker's success on planted
 * records into a lower bound on epsilon.
 *
 * <p>Promise: stated error probabilities. Non-promise: a guarantee. Both find bugs, neither finds
 * malice, and a lower bound on epsilon is never evidence of an upper one.
 */
@NullMarked
package io.concordat.privacy.evidence;

import org.jspecify.annotations.NullMarked;
