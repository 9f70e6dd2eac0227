package io.concordat.crypto.share;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import java.util.Arrays;
import java.util.List;

/**
 * What a key holder answers with: the sum of its shares over a cohort, as a bulk object of kind key
 * sum. It is exact and of one size, whatever the vectors' sizes are.
 */
public final class KeyShares {
  private KeyShares() {}

  /** Adds a share to a running sum. */
  public static void add(ShareVector sum, ShareVector share) {
    sum.add(share);
  }

  /** The sum of a cohort's shares; the shares are left as they are. */
  public static ShareVector sum(List<ShareVector> shares, int ringDegree) {
    ShareVector sum = ShareVector.zero(ringDegree);
    shares.forEach(sum::add);
    return sum;
  }

  /** Head and words of a key sum. */
  public static byte[] encode(ShareVector sum) {
    byte[] words = sum.encode();
    byte[] head = new BulkHead(BulkHead.Kind.KEY_SUM, words.length).encode();
    byte[] out = Arrays.copyOf(head, head.length + words.length);
    System.arraycopy(words, 0, out, head.length, words.length);
    return out;
  }

  /** The digest by which a key sum's statement names it: SHA-256 of head and words. */
  public static Digest digest(ShareVector sum) {
    return Digests.sha256(encode(sum));
  }

  /** Bytes of a key sum object. */
  public static int objectBytes(int ringDegree) {
    return BulkHead.BYTES + 2 * ringDegree;
  }

  /** Reads a key sum object of exactly the right length. */
  public static ShareVector decode(byte[] object, int ringDegree) throws DecodeException {
    if (object.length != objectBytes(ringDegree)) {
      throw new DecodeException(
          "a key sum has " + objectBytes(ringDegree) + " bytes, found " + object.length);
    }
    BulkHead head = BulkHead.decode(object);
    if (!head.equals(new BulkHead(BulkHead.Kind.KEY_SUM, 2L * ringDegree))) {
      throw new DecodeException("expected the head of a key sum, found " + head);
    }
    return ShareVector.decode(
        Arrays.copyOfRange(object, BulkHead.BYTES, object.length), ringDegree);
  }
}
