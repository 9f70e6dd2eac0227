package io.concordat.audit.tile;

import java.io.IOException;
import java.util.Optional;

/**
 * Where a log's files lie. Paths are relative, with slashes, and only ever {@link #CHECKPOINT} or a
 * {@link TilePath}; an implementation may refuse anything else.
 */
public interface LogFiles {
  /** The one mutable file. */
  String CHECKPOINT = "checkpoint";

  /** The whole file, or empty if there is none. */
  Optional<byte[]> get(String path) throws IOException;

  /** Writes or replaces a file as a whole: a reader sees the old bytes or the new, never a mix. */
  void put(String path, byte[] bytes) throws IOException;

  /** Removes a file if it is there. */
  void delete(String path) throws IOException;
}
