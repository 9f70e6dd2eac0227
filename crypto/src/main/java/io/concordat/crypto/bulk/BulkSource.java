package io.concordat.crypto.bulk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A stored bulk object that can be read from its beginning more than once. */
@FunctionalInterface
public interface BulkSource {
  /** A stream at the object's first byte, closed by whoever asked for it. */
  InputStream open() throws IOException;

  /** An object in memory. */
  static BulkSource of(byte[] object) {
    return () -> new ByteArrayInputStream(object);
  }

  /** An object in a file. */
  static BulkSource of(Path file) {
    return () -> Files.newInputStream(file);
  }
}
