package io.concordat.audit.tile;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.merkle.ConsistencyProof;
import io.concordat.audit.merkle.InclusionProof;
import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.merkle.SubtreeSource;
import io.concordat.audit.merkle.TreeHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a log of one size from its files and makes proofs from them. What comes out is only as good
 * as the files; a proof made here convinces through its verification.
 *
 * <p>Not for several threads: it keeps the tiles it read last.
 */
public final class TileReader implements SubtreeSource<IOException> {
  private static final int KEPT_TILES = 64;

  private final LogFiles files;
  private final long size;
  private final Map<TilePath, List<TreeHash>> tiles =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath, List<TreeHash>> eldest) {
          return size() > KEPT_TILES;
        }
      };

  public TileReader(LogFiles files, long size) {
    if (size < 0) {
      throw new IllegalArgumentException("negative size " + size);
    }
    this.files = files;
    this.size = size;
  }

  public long size() {
    return size;
  }

  /** Entries {@code from} up to, not including, {@code to}. */
  public List<byte[]> entries(long from, long to) throws IOException {
    if (from < 0 || to < from || to > size || to - from > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "entries %d to %d are not in a log of %d".formatted(from, to, size));
    }
    List<byte[]> entries = new ArrayList<>((int) (to - from));
    long at = from;
    while (at < to) {
      TilePath path = TilePath.holding(TilePath.ENTRIES, at, size);
      List<byte[]> bundle = bundle(path);
      int first = (int) (at - path.start());
      int end = (int) Math.min(path.width(), to - path.start());
      entries.addAll(bundle.subList(first, end));
      at = path.start() + end;
    }
    return entries;
  }

  public byte[] entry(long index) throws IOException {
    return entries(index, index + 1).getFirst();
  }

  public InclusionProof inclusion(long index) throws IOException {
    return InclusionProof.make(this, index, size);
  }

  /** From an earlier size of at least 1 to this reader's size. */
  public ConsistencyProof consistency(long oldSize) throws IOException {
    return ConsistencyProof.make(this, oldSize, size);
  }

  public MerkleFrontier frontier() throws IOException {
    return MerkleFrontier.of(this, size);
  }

  @Override
  public TreeHash hash(int level, long index) throws IOException {
    int tileLevel = level / TilePath.HEIGHT;
    int within = level % TilePath.HEIGHT;
    long first = index << within;
    TilePath path = TilePath.holding(tileLevel, first, size);
    int from = (int) (first - path.start());
    int to = from + (1 << within);
    if (to > path.width()) {
      throw new IllegalArgumentException(
          "no complete subtree at level %d, index %d in a log of %d".formatted(level, index, size));
    }
    return HashTile.root(tile(path).subList(from, to));
  }

  List<byte[]> bundle(TilePath path) throws IOException {
    Optional<byte[]> file = files.get(path.path());
    if (file.isPresent()) {
      return named(path, () -> EntryBundle.decode(file.get(), path.width()));
    }
    byte[] full = fullInstead(path);
    return named(path.full(), () -> EntryBundle.decode(full, TilePath.FULL_WIDTH))
        .subList(0, path.width());
  }

  List<TreeHash> tile(TilePath path) throws IOException {
    List<TreeHash> kept = tiles.get(path);
    if (kept != null) {
      return kept;
    }
    List<TreeHash> read = readTile(path);
    tiles.put(path, read);
    return read;
  }

  private List<TreeHash> readTile(TilePath path) throws IOException {
    Optional<byte[]> file = files.get(path.path());
    if (file.isPresent()) {
      return named(path, () -> HashTile.decode(file.get(), path.width()));
    }
    byte[] full = fullInstead(path);
    return named(path.full(), () -> HashTile.decode(full, TilePath.FULL_WIDTH))
        .subList(0, path.width());
  }

  /** A partial file may be gone once its full tile exists, which begins with the same content. */
  private byte[] fullInstead(TilePath path) throws IOException {
    if (path.partial()) {
      Optional<byte[]> full = files.get(path.full().path());
      if (full.isPresent()) {
        return full.get();
      }
    }
    throw new LogFormatException(path.path() + ": missing from a log of " + size + " entries");
  }

  private interface Decoding<T> {
    T decode() throws LogFormatException;
  }

  private static <T> T named(TilePath path, Decoding<T> decoding) throws LogFormatException {
    try {
      return decoding.decode();
    } catch (LogFormatException e) {
      LogFormatException located = new LogFormatException(path.path() + ": " + e.getMessage());
      located.initCause(e);
      throw located;
    }
  }
}
