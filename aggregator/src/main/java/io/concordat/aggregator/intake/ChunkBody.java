package io.concordat.aggregator.intake;

import io.concordat.aggregator.problem.ProblemException;
import io.concordat.protocol.refusal.Code;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Reads a chunk's body within a time.
 *
 * <p>The server's own time limit is for one read: a sender that lets a byte drip before each would
 * hold one of the few places for chunks for as long as it likes.
 */
final class ChunkBody {
  /** 4 MiB at 280 kbit/s. What is slower sends the chunk again, on a better line. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private ChunkBody() {}

  /**
   * Exactly this many bytes.
   *
   * @param nanos a clock that only runs forwards
   */
  static byte[] read(InputStream body, int expected, int index, LongSupplier nanos)
      throws IOException {
    long begun = nanos.getAsLong();
    byte[] chunk = new byte[expected];
    int have = 0;
    while (have < expected) {
      int read = body.read(chunk, have, expected - have);
      if (read < 0) {
        break;
      }
      have += read;
      if (have < expected && nanos.getAsLong() - begun > PATIENCE.toNanos()) {
        throw new ProblemException(
            Code.NODE_UNAVAILABLE,
            "chunk " + index + " took longer than " + PATIENCE.toSeconds() + " s");
      }
    }
    if (have != expected || body.read() >= 0) {
      Arrays.fill(chunk, (byte) 0);
      throw new ProblemException(
          Code.CONTRIBUTION_LENGTH, "chunk " + index + " has not " + expected + " bytes");
    }
    return chunk;
  }
}
