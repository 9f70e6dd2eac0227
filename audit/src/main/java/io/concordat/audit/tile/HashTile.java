package io.concordat.audit.tile;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.merkle.TreeHash;
import java.util.ArrayList;
import java.util.List;

/** The hashes of one tile, concatenated in its file. */
final class HashTile {
  private HashTile() {}

  static byte[] encode(List<TreeHash> hashes) {
    byte[] out = new byte[hashes.size() * TreeHash.BYTES];
    for (int i = 0; i < hashes.size(); i++) {
      hashes.get(i).copyTo(out, i * TreeHash.BYTES);
    }
    return out;
  }

  static List<TreeHash> decode(byte[] file, int width) throws LogFormatException {
    if (file.length != width * TreeHash.BYTES) {
      throw new LogFormatException(
          "tile: %d hashes are %d bytes, found %d"
              .formatted(width, width * TreeHash.BYTES, file.length));
    }
    List<TreeHash> hashes = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      hashes.add(TreeHash.of(file, i * TreeHash.BYTES, TreeHash.BYTES));
    }
    return hashes;
  }

  /** The root over a power of two of consecutive hashes. */
  static TreeHash root(List<TreeHash> hashes) {
    if (hashes.size() == 1) {
      return hashes.getFirst();
    }
    int half = hashes.size() / 2;
    return TreeHash.node(root(hashes.subList(0, half)), root(hashes.subList(half, hashes.size())));
  }
}
