package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.RoundRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A silo's own budget book: a charge for every round it sealed for, which stands until the log
 * shows the round closed.
 *
 * <p>Rounds that the log has ended are added up once, so that a sum costs as much as there are
 * rounds under way, not as there ever were.
 */
final class ChargeBook {
  private static final String ROW = "book/";

  private final FederationLedger ledger;

  /** Charges of rounds that the log, as replayed so far, has not ended. */
  private final Map<RoundContext, Charge> standing = new HashMap<>();

  /** Charges of rounds that the log has ended and not shown closed; neither can change again. */
  private final Map<RoundContext, Charge> ended = new HashMap<>();

  /** Sum of {@link #ended} by scope, in the units of the caps under {@link #rules}. */
  private final Map<String, Long> totals = new HashMap<>();

  private @Nullable FederationRules rules;

  private record Charge(String scope, long units) {}

  ChargeBook(Store store, FederationLedger ledger) throws DecodeException {
    this.ledger = ledger;
    for (byte[] row : store.scan(ROW).values()) {
      JsonObject o = NodeCore.object(row);
      standing.put(
          RoundContext.parse(o.string("ctx")),
          new Charge(o.string("scope"), o.integer("units", 0, 1L << 52)));
    }
  }

  /** Notes a round's price; the returned row belongs into the transaction of the seal. */
  Write charge(RoundRecord round, String scope) {
    standing.put(round.ctx(), new Charge(scope, round.price()));
    return Write.put(
        ROW + Names.hex(round.ctx()),
        JsonObject.builder()
            .put("ctx", round.ctx().toString())
            .put("job", round.job().digest().toString())
            .put("round", round.number())
            .put("scope", scope)
            .put("units", round.price())
            .build());
  }

  /** What other rounds than this one took from the cap of its dataset's persons. */
  long spent(String scope, RoundRecord besides) {
    settle();
    long spent = totals.getOrDefault(scope, 0L);
    for (Map.Entry<RoundContext, Charge> entry : standing.entrySet()) {
      if (entry.getValue().scope().equals(scope) && !entry.getKey().equals(besides.ctx())) {
        spent = Math.addExact(spent, units(entry.getKey(), entry.getValue()));
      }
    }
    return spent;
  }

  /**
   * The book keeps the units of its day; what the log knows counts in those of the cap in force.
   */
  private long units(RoundContext ctx, Charge charge) {
    return ledger.round(ctx).map(RoundRecord::accountedPrice).orElse(charge.units());
  }

  private void settle() {
    standing
        .entrySet()
        .removeIf(entry -> {
          Optional<RoundRecord> round = ledger.round(entry.getKey()).filter(RoundRecord::ended);
          if (round.isPresent() && !round.get().closed()) {
            ended.put(entry.getKey(), entry.getValue());
            add(entry.getKey(), entry.getValue());
          }
          return round.isPresent();
        });
    if (rules != ledger.rules()) {
      // Another policy may have another cap, and with it other units.
      rules = ledger.rules();
      totals.clear();
      ended.forEach(this::add);
    }
  }

  private void add(RoundContext ctx, Charge charge) {
    totals.merge(charge.scope(), units(ctx, charge), Math::addExact);
  }
}
