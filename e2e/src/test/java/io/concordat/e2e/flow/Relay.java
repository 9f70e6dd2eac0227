package io.concordat.e2e.flow;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bad line: passes bytes between a node and the aggregator, late, slowly, and breaks off now and
 * then, without a word to either side.
 */
final class Relay implements AutoCloseable {
  private static final int PART = 16 * 1024;

  private final ServerSocket listening;
  private final int target;
  private final AtomicInteger cuts = new AtomicInteger();
  private final AtomicLong passed = new AtomicLong();

  /** How long each part of 16 KiB is held back. */
  volatile int millisPerPart;

  /** A connection is cut after at most so many bytes from the node; 0 for never. */
  volatile int bytesToACut;

  Relay(int target) throws IOException {
    this.target = target;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  int cuts() {
    return cuts.get();
  }

  /** Bytes from the node to the aggregator. */
  long passed() {
    return passed.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket node = listening.accept();
        Socket aggregator = new Socket();
        aggregator.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5000);
        Thread.ofVirtual().start(() -> pass(node, aggregator, true));
        Thread.ofVirtual().start(() -> pass(aggregator, node, false));
      } catch (IOException refused) {
        // The aggregator is away, or this is over; the node sees its connection end.
      }
    }
  }

  private void pass(Socket from, Socket to, boolean counted) {
    byte[] part = new byte[PART];
    long sum = 0;
    long until = Long.MAX_VALUE;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(part); read >= 0; read = in.read(part)) {
        if (counted && bytesToACut > 0 && until == Long.MAX_VALUE) {
          until = sum + untilTheNextCut();
        }
        Thread.sleep(millisPerPart);
        out.write(part, 0, read);
        out.flush();
        sum += read;
        if (counted) {
          passed.addAndGet(read);
        }
        if (sum > until) {
          cuts.incrementAndGet();
          return;
        }
      }
    } catch (IOException broken) {
      // One side is gone; closing both tells the other.
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** The first comes early, so that there is one. */
  private long untilTheNextCut() {
    int most = bytesToACut;
    return cuts.get() == 0 ? most / 8 : ThreadLocalRandom.current().nextLong(most / 8, most);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
