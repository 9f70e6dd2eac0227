package io.concordat.silonode.training;

import io.concordat.crypto.random.LabelledStream;
import io.concordat.privacy.noise.RandomBits;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A labelled keystream as the samplers read it: little-endian words, each used once. */
final class KeystreamBits implements RandomBits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int BUFFER_BYTES = 4096;

  private final LabelledStream stream;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at = BUFFER_BYTES;

  KeystreamBits(byte[] seed, String label) {
    this.stream = LabelledStream.of(seed, label);
  }

  @Override
  public long next64() {
    if (at == BUFFER_BYTES) {
      stream.read(buffer, 0, BUFFER_BYTES);
      at = 0;
    }
    long word = (long) LONG.get(buffer, at);
    at += Long.BYTES;
    return word;
  }
}
