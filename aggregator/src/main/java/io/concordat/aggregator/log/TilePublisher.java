package io.concordat.aggregator.log;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.tile.DirectoryLogFiles;
import io.concordat.audit.tile.LogFiles;
import io.concordat.audit.tile.TileWriter;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.homes.Home;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.ledger.LogLeaf;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Copies the log from the database to the static files that anybody may read.
 *
 * <p>Runs behind the rounds: the files may be a moment old, never wrong. They are not flushed,
 * because the database can write them again.
 */
public final class TilePublisher implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(TilePublisher.class);
  private static final int LEAVES_AT_ONCE = 256;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final LogFiles files;
  private final Store store;
  private Optional<Thread> thread = Optional.empty();
  private boolean dirty = true;
  private boolean stopping;

  public TilePublisher(Home home, Store store) {
    this.files = DirectoryLogFiles.rebuildable(home.log());
    this.store = store;
  }

  /**
   * @param checkpoint the newest note with its cosignatures, empty before the first entry
   */
  public void start(Supplier<String> checkpoint) {
    thread =
        Optional.of(
            Thread.ofPlatform().name("tile-publisher").daemon().start(() -> loop(checkpoint)));
  }

  /** The files, for those who serve or export them. */
  public LogFiles files() {
    return files;
  }

  /** Something was committed. */
  public synchronized void wake() {
    dirty = true;
    notifyAll();
  }

  private synchronized boolean awaitWork() throws InterruptedException {
    while (!dirty && !stopping) {
      wait();
    }
    dirty = false;
    return !stopping;
  }

  private void loop(Supplier<String> checkpoint) {
    try {
      TileWriter writer = resume();
      while (awaitWork()) {
        try {
          publish(writer, checkpoint.get());
          // Rounds come in bursts of commits; one set of files a burst is enough for readers.
          Thread.sleep(PAUSE);
        } catch (IOException failed) {
          LOG.error("The log's files could not be written; the next entry tries again", failed);
        }
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** Files of an earlier run are taken up if they are whole; otherwise all are written again. */
  private TileWriter resume() {
    try {
      var note = files.get(LogFiles.CHECKPOINT);
      if (note.isPresent()) {
        SignedCheckpoint signed = SignedCheckpoint.parse(note.get());
        TileWriter writer = TileWriter.resume(files, signed.checkpoint().size());
        if (writer.frontier().root().equals(signed.checkpoint().root())
            && store.leaves(writer.size(), 1).size() <= 1) {
          return writer;
        }
      }
    } catch (IOException | IllegalArgumentException broken) {
      LOG.warn("The log's files are incomplete and are written again", broken);
    }
    return TileWriter.empty(files);
  }

  private void publish(TileWriter writer, String note) throws IOException {
    if (note.isEmpty()) {
      return;
    }
    SignedCheckpoint signed;
    try {
      signed = SignedCheckpoint.parse(note);
    } catch (LogFormatException ours) {
      throw new IOException("our own checkpoint does not read", ours);
    }
    long size = signed.checkpoint().size();
    while (writer.size() < size) {
      List<byte[]> entries =
          store.leaves(writer.size(), (int) Math.min(LEAVES_AT_ONCE, size - writer.size()));
      if (entries.isEmpty()) {
        throw new IOException("the store ends before its checkpoint");
      }
      writer.append(leaves(entries));
    }
    if (writer.size() == size) {
      writer.publish(signed);
    }
  }

  /** What stands in the tree of these entries of our own. */
  public static List<byte[]> leaves(List<byte[]> entries) {
    List<byte[]> leaves = new ArrayList<>(entries.size());
    for (byte[] entry : entries) {
      try {
        leaves.add(LogLeaf.of(entry));
      } catch (DecodeException ours) {
        throw new InvariantViolation("a stored entry has no leaf", ours);
      }
    }
    return leaves;
  }

  @Override
  public void close() {
    synchronized (this) {
      stopping = true;
      notifyAll();
    }
    thread.ifPresent(TilePublisher::awaitEnd);
  }

  private static void awaitEnd(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
