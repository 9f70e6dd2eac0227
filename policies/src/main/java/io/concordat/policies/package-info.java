/**
 * The policy file: read, checked, signed, compared, and followed from version to version.
 *
 * <p>Promise: {@link io.concordat.policies.PolicyReader} gives a {@link
 * io.concordat.protocol.policy.Policy} only for a file that is strict in form and sound in meaning,
 * and otherwise every reason with file, line, column and field. {@link
 * io.concordat.policies.PolicyChain} moves to a next version only under the thresholds of both the
 * old and the new, by institutions counted once (The Update Framework's root rule, section 5.3 of
 * its specification). {@link io.concordat.policies.PolicyDiff} calls no change tightening that it
 * cannot show to be one.
 *
 * <p>Not promised: that the signers understood what they signed; the diff and the examples are
 * there to help. Post-quantum signatures beside Ed25519 belong here and do not stand yet.
 *
 * <p>Read next: policies/examples in the repository, then {@link
 * io.concordat.policies.PolicyReader}.
 */
@NullMarked
package io.concordat.policies;

import org.jspecify.annotations.NullMarked;
