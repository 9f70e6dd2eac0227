package io.concordat.e2e.simulation;

import io.concordat.protocol.core.Blobs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** Blobs in memory, with a disk that can be full. */
final class MemoryBlobs implements Blobs {
  private final TreeMap<String, byte[]> blobs;
  private final BooleanSupplier full;

  MemoryBlobs(BooleanSupplier full) {
    this(new TreeMap<>(), full);
  }

  private MemoryBlobs(TreeMap<String, byte[]> blobs, BooleanSupplier full) {
    this.blobs = blobs;
    this.full = full;
  }

  MemoryBlobs copy() {
    return new MemoryBlobs(new TreeMap<>(blobs), full);
  }

  @Override
  public OutputStream create(String name) throws IOException {
    if (full.getAsBoolean()) {
      throw new IOException("no space left on device");
    }
    return new ByteArrayOutputStream() {
      @Override
      public void close() {
        blobs.put(name, toByteArray());
      }
    };
  }

  @Override
  public InputStream open(String name) throws IOException {
    return new ByteArrayInputStream(bytes(name));
  }

  byte[] bytes(String name) throws IOException {
    byte[] blob = blobs.get(name);
    if (blob == null) {
      throw new FileNotFoundException(name);
    }
    return blob;
  }

  /** A blob that is there. */
  byte[] known(String name) {
    byte[] blob = blobs.get(name);
    if (blob == null) {
      throw new IllegalStateException("no blob " + name);
    }
    return blob;
  }

  void put(String name, byte[] bytes) {
    blobs.put(name, bytes);
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
