/**
 * Bearer tokens and roles of people, certificates of nodes: who is calling.
 *
 * <p>Promise: deny by default; tokens are stored as digests only. Non-promise: a node's certificate
 * opens the door and nothing else, its statements are trusted by their own signatures.
 *
 * <p>Read next: {@code io.concordat.aggregator.api}, {@code io.concordat.aggregator.node}.
 */
@NullMarked
package io.concordat.aggregator.people;

import org.jspecify.annotations.NullMarked;
