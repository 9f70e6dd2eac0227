package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * What a node has to tell the aggregator: numbered, stored until delivered, watched for in the log.
 */
final class Messages {
  private static final String OUTBOX = "outbox/";

  private final FederationLedger ledger;
  private final LinkedHashMap<String, Outgoing> outbox = new LinkedHashMap<>();
  private final LinkedHashMap<String, Awaited> awaited = new LinkedHashMap<>();
  private Optional<Refusal> missing = Optional.empty();
  private long numbers;

  /** A logged statement that the aggregator took and that the log must show. */
  private record Awaited(SignedStatement statement, int checkpoints) {}

  Messages(Store store, FederationLedger ledger) {
    this.ledger = ledger;
    store.scan(OUTBOX).values().forEach(row -> queue(outgoing(row)));
  }

  private void queue(Outgoing message) {
    outbox.put(message.id(), message);
    int dash = message.id().indexOf('-');
    numbers = Math.max(numbers, Long.parseLong(message.id().substring(0, dash)));
  }

  private static Outgoing outgoing(byte[] row) {
    try {
      return Outgoing.fromJson(NodeCore.object(row));
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored message does not read", e);
    }
  }

  /** Those that were not reported delivered yet, oldest first. */
  List<Outgoing> undelivered() {
    return List.copyOf(outbox.values());
  }

  /** Why the log is not believed any more: it lacks what the aggregator took. */
  Optional<Refusal> missing() {
    return missing;
  }

  /** A new head was replayed: what the aggregator took has to stand below one of two. */
  void countCheckpoint() {
    awaited.entrySet().removeIf(e -> ledger.place(e.getValue().statement()).isPresent());
    awaited.replaceAll((id, a) -> new Awaited(a.statement(), a.checkpoints() + 1));
    missing =
        awaited.values().stream()
            .filter(a -> a.checkpoints() >= 2)
            .findFirst()
            .map(a -> Refusal.of(Code.LOG_MISSING_ENTRY, a.statement().toString()));
  }

  /** The aggregator has taken a message, which is returned if it was still under way. */
  Optional<Outgoing> delivered(String id, Outbound out) {
    Outgoing message = outbox.remove(id);
    if (message == null) {
      return Optional.empty();
    }
    out.writes.add(new Write.Delete(OUTBOX + id));
    if (message instanceof Outgoing.Post post
        && post.statement().type().logged()
        && ledger.place(post.statement()).isEmpty()) {
      awaited.put(id, new Awaited(post.statement(), 0));
    }
    return Optional.of(message);
  }

  /** The aggregator will never take a message. */
  void refused(String id, Refusal reason, Outbound out) {
    Outgoing message = outbox.remove(id);
    if (message != null) {
      out.writes.add(new Write.Delete(OUTBOX + id));
      if (reason.code() != Code.ROUND_ENDED && reason.code() != Code.ROUND_DEADLINE) {
        out.trouble = Optional.of(reason);
      }
    }
  }

  /** Messages about rounds that the log has ended are nobody's concern any more. */
  void dropStale(Outbound out) {
    outbox
        .values()
        .removeIf(message -> {
          boolean stale = message instanceof Outgoing.Post p && ended(p.statement());
          if (stale) {
            out.writes.add(new Write.Delete(OUTBOX + message.id()));
          }
          return stale;
        });
  }

  private boolean ended(SignedStatement signed) {
    Optional<RoundRecord> round =
        switch (signed.statement()) {
          case ContributionHeader h -> ledger.round(h.ctx());
          case Acceptance a -> ledger.round(a.ctx());
          case FingerprintStated f -> ledger.roundOf(f.manifest());
          case OpeningRecorded r -> ledger.roundOf(r.manifest());
          case KeySumStated k -> ledger.roundOf(k.manifest());
          default -> Optional.empty();
        };
    return round.filter(RoundRecord::ended).isPresent();
  }

  /** Whether this is being told, or was taken and is not in the log yet. */
  boolean underWay(Statement statement) {
    return outbox.values().stream()
            .anyMatch(
                m -> m instanceof Outgoing.Post p && p.statement().statement().equals(statement))
        || awaited.values().stream().anyMatch(a -> a.statement().statement().equals(statement));
  }

  /** Numbers and stores what a step has to tell. */
  List<Outgoing> take(Outbound out) {
    List<Outgoing> send = new ArrayList<>();
    for (Outbound.Draft draft : out.messages) {
      Outgoing message = draft.numbered(++numbers);
      // A newer message of the same kind and subject makes the older one pointless.
      draft
          .replaces()
          .ifPresent(tag ->
              outbox
                  .keySet()
                  .removeIf(id -> {
                    boolean old = id.endsWith("-" + tag);
                    if (old) {
                      out.writes.add(new Write.Delete(OUTBOX + id));
                    }
                    return old;
                  }));
      outbox.put(message.id(), message);
      out.writes.add(Write.put(OUTBOX + message.id(), message.json()));
      send.add(message);
    }
    return send;
  }
}
