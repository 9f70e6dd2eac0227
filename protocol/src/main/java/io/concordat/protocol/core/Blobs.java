package io.concordat.protocol.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Large files by name (names are like paths: lower-case letters, digits, dashes and slashes). A
 * name is written once and never changed; writing it again gives the same bytes.
 */
public interface Blobs {
  /**
   * Writes to a temporary place; the name exists, flushed to the disk, once the stream is closed.
   */
  OutputStream create(String name) throws IOException;

  /** Opens for reading. */
  InputStream open(String name) throws IOException;

  /** Opens for reading from an offset. */
  default InputStream open(String name, long offset) throws IOException {
    InputStream in = open(name);
    in.skipNBytes(offset);
    return in;
  }

  boolean exists(String name);

  /** Length in bytes of an existing blob. */
  long length(String name) throws IOException;

  /** Removes it, if it is there. */
  void delete(String name) throws IOException;
}
