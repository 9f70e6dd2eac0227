/**
 * The command line {@code concordat} and the Java SDK behind it.
 *
 * <p>Promises: every command ends with one of the documented exit statuses, prints plain lines in a
 * pipe and never prints a secret except where a person asked for exactly that secret. Does not
 * promise: any check of its own of what an aggregator says; what must not depend on an aggregator's
 * word is checked by {@code concordat audit verify}, offline.
 *
 * <p>Read next: {@link io.concordat.client.http} for the SDK, {@link io.concordat.client.command}
 * for the commands.
 */
@NullMarked
package io.concordat.client;

import org.jspecify.annotations.NullMarked;
