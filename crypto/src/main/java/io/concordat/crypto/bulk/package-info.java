/**
 * Fixed-layout binary objects: their 16-byte head, 50-bit residue words, digests and digest trees.
 *
 * <p>Promise: encoding is a function (one object, one byte string) and decoding refuses every other
 * string. No promise of confidentiality or authorship: digests bind bytes, signatures stand
 * elsewhere.
 *
 * <p>Read next: {@link io.concordat.crypto.bulk.BulkHead}, then {@link
 * io.concordat.crypto.bulk.DigestTree}.
 */
@NullMarked
package io.concordat.crypto.bulk;

import org.jspecify.annotations.NullMarked;
