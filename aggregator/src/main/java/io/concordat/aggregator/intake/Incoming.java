package io.concordat.aggregator.intake;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What has arrived of one contribution.
 *
 * @param length bytes that the signed header announced
 * @param leaves digest-tree leaves of the chunks here, by index
 */
record Incoming(Digest contribution, String silo, long length, SortedMap<Integer, Digest> leaves) {
  Incoming {
    leaves = new TreeMap<>(leaves);
  }

  int chunks() {
    return Math.toIntExact(DigestTree.chunks(length));
  }

  /** Exact bytes of a chunk; all but the last are full. */
  int chunkBytes(int index) {
    long start = (long) index * DigestTree.CHUNK_BYTES;
    return (int) Math.min(DigestTree.CHUNK_BYTES, length - start);
  }

  /** Bytes of the chunks that are here. */
  long arrivedBytes() {
    return leaves.keySet().stream().mapToLong(this::chunkBytes).sum();
  }

  List<Integer> missing() {
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < chunks(); i++) {
      if (!leaves.containsKey(i)) {
        missing.add(i);
      }
    }
    return missing;
  }

  Incoming with(int index, Digest leaf) {
    TreeMap<Integer, Digest> more = new TreeMap<>(leaves);
    more.put(index, leaf);
    return new Incoming(contribution, silo, length, more);
  }

  /** The tree's root once nothing is missing. */
  Digest root() {
    return DigestTree.root(leaves.values().stream().toList());
  }

  static Incoming of(Digest contribution, String silo, long length, Map<Integer, Digest> leaves) {
    return new Incoming(contribution, silo, length, new TreeMap<>(leaves));
  }
}
