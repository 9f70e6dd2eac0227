/**
 * The one text form of everything that is signed: canonical JSON (RFC 8785) over a small set of
 * values.
 *
 * <p>Promise: {@link io.concordat.protocol.json.CanonicalJson#parse} accepts exactly those bytes
 * that {@link io.concordat.protocol.json.CanonicalJson#write} would produce for the value it
 * returns. Two different byte strings therefore never parse to the same value, and a signature over
 * the bytes is a signature over the value.
 *
 * <p>Not promised: general JSON. Null, fractions, exponents and integers beyond 2^53 - 1 do not
 * exist here; such things travel as strings. Reading what a person typed is the work of {@code
 * io.concordat.protocol.yaml}, which accepts JSON files too.
 *
 * <p>Read next: {@code io.concordat.protocol.statement}, whose records are written in this form.
 */
@NullMarked
package io.concordat.protocol.json;

import org.jspecify.annotations.NullMarked;
