/**
 * Designed answers of "no": each has a code that never changes its meaning, a sentence and a
 * remedy.
 *
 * <p>Promise: a {@link io.concordat.protocol.refusal.Code}'s text form is part of the outside
 * interface; institutions script against it. Codes are added, never renamed.
 *
 * <p>Not promised: the wording of sentences and remedies, which is for people.
 *
 * <p>A refusal is a value, returned, not thrown: the state machines record it, the services turn it
 * into an RFC 9457 problem. Hostile bytes that do not even decode are {@link
 * io.concordat.crypto.DecodeException} instead.
 */
@NullMarked
package io.concordat.protocol.refusal;

import org.jspecify.annotations.NullMarked;
