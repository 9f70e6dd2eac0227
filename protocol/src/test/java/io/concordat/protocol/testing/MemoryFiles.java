package io.concordat.protocol.testing;

import io.concordat.protocol.core.Blobs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.TreeMap;

/** Blobs in memory, open to a test's hands. */
public final class MemoryFiles implements Blobs {
  public final TreeMap<String, byte[]> files = new TreeMap<>();

  @Override
  public OutputStream create(String name) {
    return new ByteArrayOutputStream() {
      @Override
      public void close() {
        files.put(name, toByteArray());
      }
    };
  }

  @Override
  public InputStream open(String name) throws IOException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new FileNotFoundException(name);
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public boolean exists(String name) {
    return files.containsKey(name);
  }

  @Override
  public long length(String name) throws IOException {
    return open(name).available();
  }

  @Override
  public void delete(String name) {
    files.remove(name);
  }
}
