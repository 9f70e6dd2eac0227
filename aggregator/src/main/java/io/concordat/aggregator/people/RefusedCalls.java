package io.concordat.aggregator.people;

import io.concordat.aggregator.round.RoundDriver;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Notice;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Writes down who was refused: in the service's log, and, where a certificate of the federation
 * came with the request, as {@code auth.failed} in the public log.
 *
 * <p>Bounds: one line and one entry in ten minutes for each institution, code, and whether TLS or
 * the request was refused, with the count of those in between. Without that, whoever holds one old
 * certificate could fill a log that is kept for ever.
 */
@ApplicationScoped
public class RefusedCalls {
  private static final Logger LOG = Logger.getLogger(RefusedCalls.class);
  private static final Duration PAUSE = Duration.ofMinutes(10);
  private static final String NOBODY = "-";

  private final Instance<RoundDriver> driver;
  private final InstantSource clock;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  /**
   * @param count refusals since the last line
   * @param next when the next line may be written
   */
  private record Seen(long count, Instant next, boolean due) {}

  RefusedCalls(Instance<RoundDriver> driver, InstantSource clock) {
    this.driver = driver;
    this.clock = clock;
  }

  /** A request was answered with a refusal. */
  void note(Optional<String> institution, Refusal refusal) {
    note("request", institution, refusal);
  }

  /** A connection did not come about: TLS refused the certificate that was shown. */
  void noteConnection(Optional<String> institution, Refusal refusal) {
    note("connection", institution, refusal);
  }

  private void note(String what, Optional<String> institution, Refusal refusal) {
    Instant now = clock.instant();
    String who = institution.orElse(NOBODY);
    String about = what + " " + who + " " + refusal.code().text();
    Seen after =
        seen.merge(
            about,
            new Seen(1, now.plus(PAUSE), true),
            (was, one) ->
                now.isBefore(was.next())
                    ? new Seen(was.count() + 1, was.next(), false)
                    : new Seen(was.due() ? 1 : was.count() + 1, now.plus(PAUSE), true));
    if (!after.due()) {
      return;
    }
    seen.put(about, new Seen(0, after.next(), false));
    LOG.warnf(
        "Refused a %s of %s: %s (%d since the last such line)", what, who, refusal, after.count());
    if (institution.isPresent()) {
      Notice notice =
          new Notice(
              "auth.failed",
              List.of(
                  new Notice.Fact("institution", who),
                  new Notice.Fact("code", refusal.code().text()),
                  new Notice.Fact("count", Long.toString(after.count()))));
      // The caller is an event loop and must not wait for the disk.
      Thread.ofVirtual().name("refusal").start(() -> log(notice));
    }
  }

  private void log(Notice notice) {
    try {
      driver.get().take(new AggregatorEvent.Noted(notice));
    } catch (InterruptedException stops) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException busy) {
      LOG.warnf("The refusal did not get into the log: %s", busy.getMessage());
    }
  }
}
