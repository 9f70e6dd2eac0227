package io.concordat.protocol.core;

import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.Frost;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Thaw;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Freezes that reached this node, by whatever way, and what its institution says of them. */
final class HeldFreezes {
  private static final String FREEZE = "freeze/";

  private final NodeSetup setup;
  private final FederationLedger ledger;
  private final Messages messages;
  private final TreeMap<String, Freeze> freezes = new TreeMap<>();

  HeldFreezes(NodeSetup setup, Store store, FederationLedger ledger, Messages messages) {
    this.setup = setup;
    this.ledger = ledger;
    this.messages = messages;
    store
        .scan(FREEZE)
        .forEach((key, row) -> {
          if (SignedStatement.stored(NodeCore.object(row)).statement() instanceof Freeze f) {
            freezes.put(f.institution(), f);
          }
        });
  }

  /** Freezes in the institution's name. */
  void freeze(String reason, Outbound out, Instant now) {
    arrived(
        SignedStatement.sign(
            new Freeze(setup.institution(), nextNumber(now), reason), setup.signer()),
        out);
  }

  /** Agrees to end the freeze that the log has. */
  void thaw(String reason, Outbound out, Instant now) {
    Optional<Frost> frost = ledger.frost();
    if (frost.isEmpty()) {
      out.trouble =
          refuse(
              Code.POLICY_NOT_FROZEN,
              frozen() ? "the freeze held here is not in the log yet" : "nothing is frozen");
      return;
    }
    Thaw thaw = new Thaw(setup.institution(), nextNumber(now), frost.get().index(), reason);
    out.post(SignedStatement.sign(thaw, setup.signer()));
  }

  /**
   * Takes a signed freeze or thaw from wherever it came, and carries it on to the log. A freeze
   * acts here at once; a thaw acts through the log alone, where its threshold is counted.
   */
  void arrived(SignedStatement signed, Outbound out) {
    String institution;
    long number;
    switch (signed.statement()) {
      case Freeze f -> {
        institution = f.institution();
        number = f.number();
      }
      case Thaw t -> {
        institution = t.institution();
        number = t.number();
      }
      default -> {
        out.trouble = refuse(Code.STATEMENT_TYPE, signed.type().wireName());
        return;
      }
    }
    if (!ledger.rules().speaks(institution, signed.signer())) {
      out.trouble = refuse(Code.STATEMENT_SIGNER, signed.signer() + " as " + institution);
      return;
    }
    if (ledger.place(signed).isPresent() || messages.underWay(signed.statement())) {
      return;
    }
    if (number <= ledger.freezeNumber(institution)) {
      out.trouble =
          refuse(
              Code.REQUEST_REPLAYED,
              "number " + number + " after " + ledger.freezeNumber(institution));
      return;
    }
    if (signed.statement() instanceof Freeze freeze) {
      Freeze held = freezes.get(institution);
      if (held == null || held.number() < number) {
        freezes.put(institution, freeze);
        out.writes.add(Write.put(FREEZE + institution, signed.json()));
        out.diskFirst = true;
      }
    }
    out.post(signed);
  }

  /**
   * Larger than every number of this institution that the log has or this node holds. Seconds of
   * the clock keep apart what is signed on two machines that know nothing of each other.
   */
  private long nextNumber(Instant now) {
    Freeze held = freezes.get(setup.institution());
    long last =
        Math.max(ledger.freezeNumber(setup.institution()), held == null ? 0 : held.number());
    return Math.max(last + 1, now.getEpochSecond());
  }

  /**
   * Whether a freeze holds here: in the log, or arrived outside it while the log has no freeze of
   * that institution as new. An institution's own thaw does not undo a freeze that the aggregator
   * has kept back: only the log can, by a freeze in it and the threshold's thaws.
   */
  boolean frozen() {
    return ledger.frozen()
        || freezes.values().stream().anyMatch(f -> f.number() > ledger.lastFreeze(f.institution()));
  }

  /** Freezes that arrived here and that the log does not have. */
  List<Freeze> held() {
    return freezes.values().stream()
        .filter(f -> f.number() > ledger.lastFreeze(f.institution()))
        .toList();
  }

  private static Optional<Refusal> refuse(Code code, String detail) {
    return Optional.of(Refusal.of(code, detail));
  }
}
