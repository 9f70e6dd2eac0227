package io.concordat.protocol.request;

import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A body that is digested while it is read. Its end is reported only if the digest is the signed
 * one, so a reader that acts after the end acts on signed bytes; what it read before the end it
 * must not use yet.
 */
public final class CheckedBody extends FilterInputStream {
  private final MessageDigest running;
  private final byte[] expected;
  private boolean checked;

  /** The body is not what was signed. */
  public static final class MismatchException extends IOException {
    private static final long serialVersionUID = 1L;

    MismatchException() {
      super("the body's digest is not the signed one");
    }
  }

  public CheckedBody(InputStream body, Digest expected) {
    super(body);
    this.expected = expected.bytes();
    try {
      running = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new InvariantViolation("every JDK has SHA-256", e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    int got = in.read(into, offset, count);
    if (got > 0) {
      running.update(into, offset, got);
    } else if (got < 0 && !checked) {
      if (!MessageDigest.isEqual(running.digest(), expected)) {
        throw new MismatchException();
      }
      checked = true;
    }
    return got;
  }

  @Override
  public long skip(long count) throws IOException {
    // Skipped bytes are digested, too.
    return read(new byte[(int) Math.clamp(count, 0L, 8192L)]);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Reads what a parser left and checks the whole. */
  public void finish() throws IOException {
    byte[] rest = new byte[8192];
    while (read(rest, 0, rest.length) >= 0) {
      // Only the digest is wanted.
    }
  }
}
