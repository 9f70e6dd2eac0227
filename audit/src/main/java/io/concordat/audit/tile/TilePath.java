package io.concordat.audit.tile;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.StrictText;
import java.util.ArrayList;
import java.util.List;

/**
 * Name of a tile or of an entry bundle.
 *
 * @param level 0 for leaf hashes, each level 256 times wider; {@link #ENTRIES} for a bundle
 * @param index which tile of its level
 * @param width hashes or entries in it: 1 to 255 for a partial one, 256 for a full one
 */
public record TilePath(int level, long index, int width) {
  public static final int FULL_WIDTH = 256;
  public static final int ENTRIES = -1;

  /** Levels of the tree that one tile spans. */
  static final int HEIGHT = 8;

  private static final int MAX_LEVEL = 63;

  public TilePath {
    if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL_WIDTH) {
      throw new IllegalArgumentException(
          "no such tile: level %d, index %d, width %d".formatted(level, index, width));
    }
  }

  /** Every file that holds a part of a log of this size, bundles first, then tiles upwards. */
  public static List<TilePath> covering(long size) {
    List<TilePath> paths = new ArrayList<>();
    addLevel(paths, ENTRIES, size);
    int level = 0;
    for (long hashes = size; hashes > 0; hashes >>>= HEIGHT) {
      addLevel(paths, level++, hashes);
    }
    return paths;
  }

  /**
   * The tile or bundle that holds a position of its level, as wide as a log of this size has it.
   */
  static TilePath holding(int level, long position, long size) {
    long onLevel = level == ENTRIES ? size : hashesAt(level, size);
    if (position < 0 || position >= onLevel) {
      throw new IllegalArgumentException(
          "position %d of level %d is not in a log of %d entries".formatted(position, level, size));
    }
    long index = position / FULL_WIDTH;
    return new TilePath(level, index, (int) Math.min(FULL_WIDTH, onLevel - index * FULL_WIDTH));
  }

  /** Complete subtrees of 256^level entries in a log of this size. */
  static long hashesAt(int level, long size) {
    return level * HEIGHT >= Long.SIZE ? 0 : size >>> (level * HEIGHT);
  }

  public boolean partial() {
    return width < FULL_WIDTH;
  }

  public boolean bundle() {
    return level == ENTRIES;
  }

  /** The full tile that may stand in for a partial one. */
  TilePath full() {
    return new TilePath(level, index, FULL_WIDTH);
  }

  /** First position of its level that it holds. */
  public long start() {
    return index * FULL_WIDTH;
  }

  public String path() {
    StringBuilder elements = new StringBuilder("%03d".formatted(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      elements.insert(0, "x%03d/".formatted(rest % 1000));
    }
    return "tile/"
        + (bundle() ? "entries" : Integer.toString(level))
        + "/"
        + elements
        + (partial() ? ".p/" + width : "");
  }

  /** Reads a path; anything that {@link #path} would not have written is refused. */
  public static TilePath parse(String path) throws LogFormatException {
    // The bound is three digits an element for 2^63, so a path of hostile length costs nothing.
    if (path.length() > 64 || !path.startsWith("tile/")) {
      throw new LogFormatException("tile path: expected tile/<level>/<index>[.p/<width>]");
    }
    String rest = path.substring("tile/".length());
    int slash = rest.indexOf('/');
    if (slash < 0) {
      throw new LogFormatException("tile path: no index");
    }
    String kind = rest.substring(0, slash);
    String elements = rest.substring(slash + 1);
    int width = FULL_WIDTH;
    int partial = elements.indexOf(".p/");
    if (partial >= 0) {
      long given = StrictText.decimal(elements.substring(partial + 3), "tile path, width");
      if (given < 1 || given >= FULL_WIDTH) {
        throw new LogFormatException("tile path: a partial tile is 1 to 255 wide");
      }
      width = (int) given;
      elements = elements.substring(0, partial);
    }
    long level = kind.equals("entries") ? ENTRIES : StrictText.decimal(kind, "tile path, level");
    if (level > MAX_LEVEL) {
      throw new LogFormatException("tile path: the level is at most " + MAX_LEVEL);
    }
    TilePath parsed = new TilePath((int) level, index(elements), width);
    if (!parsed.path().equals(path)) {
      throw new LogFormatException("tile path: not in its one canonical spelling");
    }
    return parsed;
  }

  private static long index(String elements) throws LogFormatException {
    long index = 0;
    for (String element : elements.split("/", -1)) {
      String digits = element.startsWith("x") ? element.substring(1) : element;
      if (digits.length() != 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw new LogFormatException("tile path: expected three digits an element");
      }
      if (index > (Long.MAX_VALUE / FULL_WIDTH - 999) / 1000) {
        throw new LogFormatException("tile path: the index is beyond any log");
      }
      index = index * 1000 + Integer.parseInt(digits);
    }
    return index;
  }

  private static void addLevel(List<TilePath> paths, int level, long hashes) {
    for (long start = 0; start < hashes; start += FULL_WIDTH) {
      paths.add(
          new TilePath(level, start / FULL_WIDTH, (int) Math.min(FULL_WIDTH, hashes - start)));
    }
  }
}
