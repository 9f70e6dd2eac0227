/**
 * The institution's own pages' API: what this node does, did and refused; endorsements and
 * approvals, which are made here and signed with the node key.
 *
 * <p>Promise: nobody without the token made on this machine is answered, and no answer holds a
 * record, a key or a share. Non-promise: it is no remote interface; whoever opens it to a network
 * puts a proxy in front.
 *
 * <p>Read next: {@link io.concordat.silonode.console.ConsoleResource}.
 */
@NullMarked
package io.concordat.silonode.console;

import org.jspecify.annotations.NullMarked;
