/**
 * What institutions agreed, as values: who they are, who holds keys and how many must answer, how
 * small a cohort may be, which datasets exist under which caps, and what a job may be.
 *
 * <p>Promise: a {@link io.concordat.protocol.policy.Policy} that exists makes sense in itself;
 * every constructor refuses what contradicts itself (INV-01 to INV-04 stand on the types), so the
 * state machines rely on it without asking again.
 *
 * <p>Not promised: that anybody signed it, that it is in force now, or that it follows the version
 * before it. {@code io.concordat.policies} reads the file with its line numbers and checks these.
 *
 * <p>Read next: {@link io.concordat.protocol.policy.KeyHolders} for the quorum rule, {@link
 * io.concordat.protocol.policy.Dataset} for what a job can name.
 */
@NullMarked
package io.concordat.protocol.policy;

import org.jspecify.annotations.NullMarked;
