package io.concordat.aggregator.round;

import io.concordat.aggregator.intake.Intake;
import io.concordat.aggregator.log.RoundEntity;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.Write;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.SignedStatement;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Removes what nobody needs once the log has ended a round: boxes, and ciphertexts of silos that
 * stated their fingerprint. Signed statements, key sums and sums stay for auditors, and so does the
 * ciphertext of a silent silo, which a checker has to fetch.
 *
 * <p>All of it may be done twice or not at all.
 */
@ApplicationScoped
public class Housekeeping implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Housekeeping.class);
  private static final Duration PERIOD = Duration.ofSeconds(30);
  private static final int ROUNDS_AT_ONCE = 50;

  private final RoundDriver driver;
  private final Store store;
  private final NamedBlobs blobs;
  private final Intake intake;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("housekeeping").daemon().factory());

  Housekeeping(RoundDriver driver, Store store, NamedBlobs blobs, Intake intake) {
    this.driver = driver;
    this.store = store;
    this.blobs = blobs;
    this.intake = intake;
  }

  void start() {
    timer.scheduleWithFixedDelay(
        this::tidy, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void tidy() {
    try {
      intake.forgetUnknown();
      for (RoundEntity round : ended()) {
        clear(round);
      }
    } catch (IOException | RuntimeException failed) {
      LOG.warn("Housekeeping stopped halfway; it comes round again", failed);
    }
  }

  /** Rounds that a later announcement or the end of their job has ended. */
  private static List<RoundEntity> ended() {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            RoundEntity.<RoundEntity>find(
                    "from RoundEntity r where r.cleared = ?1 and (r.job in (select j.digest"
                        + " from JobEntity j where j.endedAt is not null) or exists (select 1"
                        + " from RoundEntity later where later.job = r.job and later.number >"
                        + " r.number))",
                    false)
                .page(0, ROUNDS_AT_ONCE)
                .list());
  }

  private void clear(RoundEntity round) throws IOException {
    String prefix = "round/" + round.ctx + "/";
    Set<String> stated = new HashSet<>();
    store
        .scan(prefix + "fingerprint/")
        .keySet()
        .forEach(key -> stated.add(key.substring(key.lastIndexOf('/') + 1)));
    List<Write> chores = new ArrayList<>();
    for (Map.Entry<String, byte[]> row : store.scan(prefix + "header/").entrySet()) {
      SignedStatement signed = header(row.getValue());
      ContributionHeader header = (ContributionHeader) signed.statement();
      header
          .boxes()
          .forEach(box -> chores.add(new Write.Delete(Names.box(signed.digest(), box.position()))));
      if (stated.contains(header.silo())) {
        blobs.delete(Names.ciphertext(signed.digest()));
      }
    }
    driver.alsoWrite(chores);
    QuarkusTransaction.requiringNew()
        .run(() -> RoundEntity.update("cleared = ?1 where ctx = ?2", true, round.ctx));
  }

  private static SignedStatement header(byte[] row) throws IOException {
    try {
      return SignedStatement.stored(CanonicalJson.parseObject(row));
    } catch (io.concordat.crypto.DecodeException broken) {
      throw new IOException("a stored header does not read", broken);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
