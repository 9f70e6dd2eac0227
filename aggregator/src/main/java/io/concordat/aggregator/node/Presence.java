package io.concordat.aggregator.node;

import io.concordat.aggregator.problem.ProblemException;
import io.concordat.protocol.refusal.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which nodes are there. For people to look at; nothing is decided by it, so it lives in memory
 * only.
 */
@ApplicationScoped
public class Presence {
  /** One poll and a few that a dropped connection left behind. */
  private static final int MAX_POLLS = 8;

  private final InstantSource clock;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();

  private record Seen(Instant last, int polls) {}

  Presence(InstantSource clock) {
    this.clock = clock;
  }

  /** Open while a node waits for work. */
  public final class Poll implements AutoCloseable {
    private final String institution;

    private Poll(String institution) {
      this.institution = institution;
    }

    @Override
    public void close() {
      seen.computeIfPresent(institution, (id, was) -> new Seen(clock.instant(), was.polls() - 1));
    }
  }

  Poll poll(String institution) {
    Seen now =
        seen.merge(
            institution,
            new Seen(clock.instant(), 1),
            (was, one) -> new Seen(one.last(), was.polls() + 1));
    Poll poll = new Poll(institution);
    if (now.polls() > MAX_POLLS) {
      poll.close();
      throw new ProblemException(
          Code.NODE_UNAVAILABLE, "this node has " + MAX_POLLS + " polls open already");
    }
    return poll;
  }

  /** Whether the node waits for work now, or did until a moment ago. */
  public boolean connected(String institution) {
    Seen was = seen.get(institution);
    return was != null && (was.polls() > 0 || was.last().isAfter(clock.instant().minusSeconds(10)));
  }

  public Optional<Instant> lastSeen(String institution) {
    return Optional.ofNullable(seen.get(institution)).map(Seen::last);
  }
}
