/**
 * The shell around the protocol's machines: one loop that steps, stores and then sends, one long
 * poll that feeds it, one sender, a few threads for heavy work.
 *
 * <p>Promise: new rows are on the disk before any message or command that follows from them; an
 * event that could not be stored leaves no trace. Non-promise: nothing is decided here.
 *
 * <p>Read next: {@link io.concordat.silonode.node.NodeDriver}.
 */
@NullMarked
package io.concordat.silonode.node;

import org.jspecify.annotations.NullMarked;
