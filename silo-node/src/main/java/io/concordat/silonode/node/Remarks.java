package io.concordat.silonode.node;

import io.concordat.protocol.core.NodeEffects;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.silonode.store.Remark;
import java.util.ArrayList;
import java.util.List;

/** What officers should find in the local books about a step. */
final class Remarks {
  private Remarks() {}

  static List<Remark> of(NodeEvent event, NodeEffects effects, FederationLedger ledger) {
    List<Remark> remarks = new ArrayList<>();
    for (Outgoing message : effects.send()) {
      if (message instanceof Outgoing.Post post) {
        statement(post.statement(), ledger, remarks);
      }
    }
    if (event instanceof NodeEvent.Refused(String outgoing, Refusal reason)) {
      remarks.add(
          new Remark.Deed("refused-by-aggregator", outgoing, reason.code().text(), words(reason)));
    } else {
      effects
          .trouble()
          .ifPresent(reason ->
              remarks.add(
                  new Remark.Deed(
                      "refused", reason.detail(), reason.code().text(), words(reason))));
    }
    return remarks;
  }

  private static String words(Refusal reason) {
    return reason.code().sentence() + " " + reason.detail();
  }

  private static void statement(
      SignedStatement signed, FederationLedger ledger, List<Remark> remarks) {
    remarks.add(
        new Remark.Deed(
            "signed",
            signed.digest().toString(),
            "",
            "Signed a statement of type " + signed.type().wireName() + "."));
    switch (signed.statement()) {
      case ContributionHeader header ->
          ledger
              .round(header.ctx())
              .ifPresent(round ->
                  remarks.add(
                      new Remark.Charge(
                          signed.digest(),
                          header.ctx().toString(),
                          round.job().digest(),
                          round.job().terms().dataset(),
                          round.number(),
                          header.chargeUnits())));
      case OpeningRecorded(var manifest, int position) ->
          remarks.add(new Remark.OpeningRecord(manifest, position));
      default -> {
        // The line above says all that there is.
      }
    }
  }
}
