package io.concordat.silonode.link;

import java.io.IOException;
import java.io.InputStream;

/**
 * A download that goes on where it broke off. Whoever reads checks the whole by its digest, so a
 * server that changed the bytes in between is found out.
 */
final class ResumedStream extends InputStream {
  private static final int MAX_BREAKS = 20;

  /** Opens the download at an offset. */
  interface Source {
    InputStream open(long from) throws IOException;
  }

  private final Source source;
  private final Backoff backoff = new Backoff();
  private InputStream current;
  private long at;
  private int breaks;

  ResumedStream(Source source) throws IOException {
    this.source = source;
    this.current = source.open(0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws IOException {
    while (true) {
      try {
        int got = current.read(into, offset, count);
        at += Math.max(got, 0);
        return got;
      } catch (IOException broken) {
        reopen(broken);
      }
    }
  }

  private void reopen(IOException broken) throws IOException {
    while (true) {
      breaks++;
      if (breaks > MAX_BREAKS) {
        throw broken;
      }
      try {
        backoff.await();
        current = source.open(at);
        return;
      } catch (AggregatorLink.ProblemException refused) {
        if (refused.isFinal()) {
          throw refused;
        }
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new IOException("stopped while fetching", stopped);
      } catch (IOException stillBroken) {
        broken.addSuppressed(stillBroken);
      }
    }
  }

  @Override
  public void close() throws IOException {
    current.close();
  }
}
