package io.concordat.crypto.bulk;

/**
 * How a large object is known: its length and the root of its digest tree, head included in both.
 *
 * @param objectBytes length of head and body
 * @param root root of the digest tree over both
 */
public record BulkDigest(long objectBytes, Digest root) {}
