package io.concordat.silonode.node;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.SignedStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Looks once a second for signed freezes and thaws that were put into the home ({@code concordat
 * freeze apply --home}). A freeze works here though the aggregator may never have heard of it, and
 * though this machine may have no connection at all.
 */
final class FreezeFolder implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(FreezeFolder.class);
  private static final long PAUSE_MILLIS = 1000;
  private static final int MAX_BYTES = 8192;

  private final Path folder;
  private final NodeDriver driver;
  private final Thread thread = Thread.ofVirtual().name("freezes").unstarted(this::run);
  private volatile boolean stopping;

  FreezeFolder(Path folder, NodeDriver driver) {
    this.folder = folder;
    this.driver = driver;
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!stopping) {
      try {
        look();
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException stopped) {
        return;
      } catch (IOException | ExecutionException | RuntimeException failed) {
        LOG.warnf("%s cannot be read: %s", folder, failed.getMessage());
        try {
          Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException stopped) {
          return;
        }
      }
    }
  }

  private void look() throws IOException, InterruptedException, ExecutionException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    }
    for (Path file : files) {
      take(file);
    }
  }

  private void take(Path file) throws IOException, InterruptedException, ExecutionException {
    SignedStatement signed;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new DecodeException("too large");
      }
      signed = SignedStatement.read(CanonicalJson.parseObject(Files.readAllBytes(file)));
    } catch (DecodeException e) {
      LOG.warnf("%s is no signed freeze or thaw: %s", file, e.getMessage());
      rename(file, ".refused");
      return;
    }
    Optional<Refusal> refusal = driver.take(new NodeEvent.FreezeArrived(signed)).get();
    boolean stranger = refusal.filter(r -> r.code() == Code.STATEMENT_SIGNER).isPresent();
    if (stranger && !driver.look(core -> core.acting())) {
      // Before the log is replayed a newer policy's keys are not known; it is tried again.
      return;
    }
    if (refusal.isPresent()
        && (stranger
            || refusal.get().code() == Code.REQUEST_REPLAYED
            || refusal.get().code() == Code.STATEMENT_TYPE)) {
      LOG.warnf("%s is not taken: %s", file, refusal.get());
      rename(file, ".refused");
      return;
    }
    LOG.infof("Took %s from %s", signed, file);
    rename(file, ".taken");
  }

  private static void rename(Path file, String end) throws IOException {
    Files.move(
        file,
        file.resolveSibling(file.getFileName() + end),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    stopping = true;
    thread.interrupt();
  }
}
