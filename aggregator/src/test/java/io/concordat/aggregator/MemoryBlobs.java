package io.concordat.aggregator;

import io.concordat.protocol.core.Blobs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A node's files, in memory. */
final class MemoryBlobs implements Blobs {
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  @Override
  public OutputStream create(String name) {
    return new ByteArrayOutputStream() {
      @Override
      public void close() {
        blobs.put(name, toByteArray());
      }
    };
  }

  byte[] bytes(String name) throws IOException {
    byte[] bytes = blobs.get(name);
    if (bytes == null) {
      throw new FileNotFoundException(name);
    }
    return bytes;
  }

  @Override
  public InputStream open(String name) throws IOException {
    return new ByteArrayInputStream(bytes(name));
  }

  @Override
  public boolean exists(String name) {
    return blobs.containsKey(name);
  }

  @Override
  public long length(String name) throws IOException {
    return bytes(name).length;
  }

  @Override
  public void delete(String name) {
    blobs.remove(name);
  }
}
