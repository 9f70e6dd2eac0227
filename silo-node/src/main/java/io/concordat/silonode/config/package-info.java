/**
 * How this one node runs: the mapped keys below {@code concordat.} and the checks made before
 * anything starts.
 *
 * <p>Promise: an unknown key stops the start, in words. Non-promise: nothing that institutions
 * agreed on is set here; that is the policy.
 *
 * <p>Read next: {@code io.concordat.homes}.
 */
@NullMarked
package io.concordat.silonode.config;

import org.jspecify.annotations.NullMarked;
