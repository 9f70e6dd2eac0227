package io.concordat.aggregator.log;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.SignedCheckpoint;
import io.concordat.audit.tile.DirectoryLogFiles;
import io.concordat.audit.tile.LogFiles;
import io.concordat.audit.tile.TileWriter;
import io.concordat.homes.Home;
import io.concordat.protocol.core.Store;
import java.io.IOException;
import java.util.List;
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

  private final LogFiles files;
  private final Store store;
  private final Supplier<String> checkpoint;
  private final Thread thread;
  private boolean dirty = true;
  private boolean stopping;

  /**
   * @param checkpoint the newest note with its cosignatures, empty before the first entry
   */
  public TilePublisher(Home home, Store store, Supplier<String> checkpoint) {
    this.files = DirectoryLogFiles.rebuildable(home.log());
    this.store = store;
    this.checkpoint = checkpoint;
    this.thread = Thread.ofPlatform().name("tile-publisher").daemon().unstarted(this::loop);
  }

  public void start() {
    thread.start();
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

  private void loop() {
    try {
      TileWriter writer = resume();
      while (awaitWork()) {
        try {
          publish(writer);
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

  private void publish(TileWriter writer) throws IOException {
    String note = checkpoint.get();
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
      List<byte[]> leaves =
          store.leaves(writer.size(), (int) Math.min(LEAVES_AT_ONCE, size - writer.size()));
      if (leaves.isEmpty()) {
        throw new IOException("the store ends before its checkpoint");
      }
      writer.append(leaves);
    }
    if (writer.size() == size) {
      writer.publish(signed);
    }
  }

  @Override
  public synchronized void close() {
    stopping = true;
    notifyAll();
  }
}
