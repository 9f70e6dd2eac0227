package io.concordat.protocol.ledger;

import static io.concordat.protocol.ledger.Agreement.refuse;

import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.SignedStatement;
import java.util.Optional;

/**
 * What a contribution's header must be before anybody touches its bytes. Aggregator, holders and
 * checking silos all ask here.
 */
public final class HeaderRules {
  private HeaderRules() {}

  /** The layout that an announcement names; empty if there is none such. */
  public static Optional<Layout> layout(RoundAnnounced a) {
    Optional<ParameterSet> set = ParameterSet.byId(a.parameters());
    if (set.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Layout(set.get(), a.values(), a.bits(), a.maxCohort()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Why this header cannot be part of this round, if so. */
  public static Optional<Refusal> check(RoundRecord round, SignedStatement signed) {
    ContributionHeader header = (ContributionHeader) signed.statement();
    RoundAnnounced announcement = round.announcement();
    if (!header.ctx().equals(round.ctx())) {
      return refuse(Code.ROUND_CONTEXT, header.ctx().toString());
    }
    if (!announcement.roster().contains(header.silo())) {
      return refuse(Code.CONTRIBUTION_SILO, header.silo());
    }
    boolean ownKey =
        round
            .job()
            .rules()
            .institution(header.silo())
            .filter(i -> i.nodeKey().equals(signed.signer()))
            .isPresent();
    if (!ownKey) {
      return refuse(Code.STATEMENT_SIGNER, "a header of " + header.silo());
    }
    Optional<Layout> layout = layout(announcement);
    if (layout.isEmpty()) {
      return refuse(Code.ROUND_LAYOUT, announcement.parameters());
    }
    long length = BulkHead.BYTES + layout.get().ciphertextBytes();
    if (header.length() != length) {
      return refuse(
          Code.CONTRIBUTION_LENGTH, header.length() + " bytes, the layout gives " + length);
    }
    if (!header.boxes().stream()
        .map(ContributionHeader.Box::position)
        .toList()
        .equals(announcement.positions())) {
      return refuse(Code.BOX_INVALID, "boxes for other holders than the announcement names");
    }
    if (header.chargeUnits() != round.price()) {
      return refuse(
          Code.ROUND_CHARGE, header.chargeUnits() + " units, the price is " + round.price());
    }
    return Optional.empty();
  }
}
