package io.concordat.protocol.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.opening.SumCheck;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.testing.Handmade;
import io.concordat.protocol.testing.RealRound;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The aggregator commits to a sum that is not the sum of what the silos sent. */
final class WrongSumTest {
  private static final int HEAD = 16;

  private final SumCheck check = new SumCheck(RingKernels.best());

  /** Bit positions of the lowest bit of every word of every run of an object of this layout. */
  private static List<Long> words(Layout layout) {
    List<Long> out = new ArrayList<>();
    for (int block : new int[] {0, Layout.CHECK_BLOCK}) {
      for (int prime = 0; prime < layout.set().primeCount(); prime++) {
        long run = HEAD + layout.blockOffset(block) + (long) prime * layout.wordBytes(block);
        for (int word = 0; word < layout.rows(block); word++) {
          out.add(8 * run + 50L * word);
        }
      }
    }
    return out;
  }

  @Test
  void oneResidueChangedInAnyPositionStopsEverySilo() throws Exception {
    Handmade log = new Handmade().begun();
    JobRecord job = log.running(Handmade.OPEN, 1);
    RealRound real = new RealRound(log, job);
    real.sum(log.silos);
    byte[] honest = real.sumObject(log.silos);
    Layout layout = HeaderRules.layout(real.round.announcement()).orElseThrow();
    List<Long> words = words(layout);
    assertThat(words).hasSize(3 * (layout.rows(0) + layout.checkRows()));
    int found = 0;
    // Every position takes a federation's log of its own, since a round has one manifest: the
    // replay up to the announcement is shared, the manifest differs.
    for (long bit : words) {
      byte[] forged = honest.clone();
      forged[(int) (bit >> 3)] ^= (byte) (1 << (bit & 7));
      CohortFixed manifest = real.manifestOver(log.silos, forged);
      Replica replica = new Replica(log, real, manifest);
      SumCheck.Result result =
          check.check(
              replica.round, replica.material, RealRound.source(forged), replica::ciphertext);
      assertThat(result).as("bit " + bit).isNotInstanceOf(SumCheck.Result.Opened.class);
      if (result instanceof SumCheck.Result.Refuted(var reason)) {
        assertThat(reason.code()).isEqualTo(Code.ROUND_FINGERPRINT);
        found++;
      }
    }
    // The rest left the field and were refused as malformed; that is rare.
    assertThat(found).isGreaterThan(words.size() - 3);
  }

  /** The same log with another manifest after the announcement, and the claim that it opened. */
  private static final class Replica {
    final RoundRecord round;
    final WorkItem.Opening material;
    private final RealRound real;

    Replica(Handmade log, RealRound real, CohortFixed manifest) {
      this.real = real;
      var ledger = log.emptyLedger();
      log.leaves.forEach(ledger::apply);
      Handmade pen = log.continuing(ledger);
      Handmade.good(pen.byAggregator(manifest));
      pen.record(manifest, 4);
      material = real.material(manifest, List.of());
      Handmade.good(pen.byAggregator(real.claim(manifest, material, Digests.sha256("some key"))));
      round = ledger.roundOf(manifest.digest()).orElseThrow();
    }

    java.io.InputStream ciphertext(io.concordat.crypto.bulk.Digest contribution) {
      return new ByteArrayInputStream(real.blobs.files.get(Names.ciphertext(contribution)));
    }
  }

  @Test
  void aSilentSilosFingerprintIsComputedFromWhatItSent() throws Exception {
    Handmade log = new Handmade().begun();
    RealRound real = new RealRound(log, log.running(Handmade.OPEN, 1));
    real.sum(log.silos);
    byte[] forged = real.sumObject(log.silos).clone();
    forged[HEAD + 8] ^= 4;
    CohortFixed manifest = real.manifestOver(log.silos, forged);
    Replica replica = new Replica(log, real, manifest);
    WorkItem.Opening silent =
        new WorkItem.Opening(
            manifest.digest(),
            replica.material.headers(),
            replica.material.fingerprints().subList(0, 3),
            replica.material.keySums(),
            replica.material.objects(),
            replica.material.sum());
    assertThat(check.check(replica.round, silent, RealRound.source(forged), replica::ciphertext))
        .isInstanceOf(SumCheck.Result.Refuted.class);
  }
}
