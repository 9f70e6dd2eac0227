package io.concordat.crypto.sign;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Signatures that this program made, or checked before and found good: the same statement comes by
 * mail, in the log and in an opening, and again with every replay.
 *
 * <p>Only good answers are kept, in a table of fixed size in which each has one place, so that
 * strangers can take up neither memory nor anything but another computation. All of it is public.
 */
final class GoodSignatures {
  private static final AtomicReferenceArray<Digest> FOUND = new AtomicReferenceArray<>(1 << 14);

  private GoodSignatures() {}

  /** What stands for one check; key and signature have fixed lengths, so no two share it. */
  static Digest question(byte[] key, byte[] signature, byte[] message) {
    return Digests.sha256(key, signature, message);
  }

  private static int place(Digest question) {
    return Math.floorMod(question.hashCode(), FOUND.length());
  }

  static boolean contain(Digest question) {
    return question.equals(FOUND.get(place(question)));
  }

  static void add(Digest question) {
    FOUND.set(place(question), question);
  }
}
