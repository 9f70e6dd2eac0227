/**
 * Verification of an exported audit pack, offline: from the pack and the reader's own copy of the
 * policy to a list of named checks.
 *
 * <p>Promise: nothing the pack says is believed. Every checked statement is traced to a key that
 * the reader's policy names, every sum is opened again, every state and every price is computed
 * again. What the pack lacks never passes: such a check fails, or is reported as not checked by the
 * one rule on {@link io.concordat.verify.Check.Outcome#NOT_CHECKED}.
 *
 * <p>Non-promise: that the pack is the newest one. An old pack verifies as what it was then; the
 * size and time of its checkpoint are part of what is printed. Nor does it say what happened inside
 * an institution: a silo may have summed other records than it should.
 *
 * <p>Read next: {@link io.concordat.verify.PackVerifier}, then {@link io.concordat.verify.Check}.
 */
@NullMarked
package io.concordat.verify;

import org.jspecify.annotations.NullMarked;
