package io.concordat.protocol.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.opening.SumCheck;
import io.concordat.protocol.round.RoundEvent.Attempt;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.testing.Handmade;
import io.concordat.protocol.testing.RealRound;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A holder answers with something else than the sum of its shares. */
final class LyingHolderTest {
  private final Handmade log = new Handmade().begun();
  private final RealRound real = new RealRound(log, log.running(Handmade.OPEN, 1));

  private TreeMap<Integer, byte[]> answers(CohortFixed manifest, int... positions) {
    TreeMap<Integer, byte[]> out = new TreeMap<>();
    for (int position : positions) {
      out.put(position, real.keySum(position, manifest));
    }
    return out;
  }

  private static byte[] offByOne(byte[] object) {
    byte[] lie = object.clone();
    // The first word of the body; a carry does not matter, any other answer is a lie.
    lie[16] ^= 1;
    return lie;
  }

  @Test
  void honestAnswersOpenTheSumOfExactlyTheCohort() throws Exception {
    CohortFixed manifest = real.fix(log.silos.subList(0, 3));
    Attempt attempt = real.tryOpening(manifest, answers(manifest, 1, 2, 3));
    assertThat(attempt).isInstanceOf(Attempt.Opened.class);
    // 2^0 + 2^1 + 2^2: the sum names who was counted.
    assertThat(((Attempt.Opened) attempt).next().digest()).isEqualTo(Digests.sha256("opened;7"));
  }

  @Test
  void oneFlippedCoefficientIsFoundOutWhereThereIsASurplusAnswer() {
    CohortFixed manifest = real.fix(log.silos);
    TreeMap<Integer, byte[]> answers = answers(manifest, 1, 2, 3, 4);
    answers.put(2, offByOne(answers.get(2)));
    Attempt attempt = real.tryOpening(manifest, answers);
    assertThat(attempt).isInstanceOf(Attempt.Opened.class);
    assertThat(((Attempt.Opened) attempt).answers()).containsExactly(1, 3, 4);
    assertThat(((Attempt.Opened) attempt).next().digest()).isEqualTo(Digests.sha256("opened;15"));
  }

  @Test
  void aLieAmongExactlyTAnswersOpensNothing() {
    CohortFixed manifest = real.fix(log.silos);
    TreeMap<Integer, byte[]> answers = answers(manifest, 1, 2, 3);
    answers.put(3, offByOne(answers.get(3)));
    assertThat(real.tryOpening(manifest, answers)).isInstanceOf(Attempt.NotYet.class);
  }

  @Test
  void aSiloThatIsHandedAForgedKeySumStops() throws Exception {
    CohortFixed manifest = real.fix(log.silos);
    log.record(manifest, 4);
    WorkItem.Opening material = real.material(manifest, List.of(1, 2, 3));
    Handmade.good(log.byAggregator(real.claim(manifest, material, Digests.sha256("another key"))));
    SumCheck.Result result =
        new SumCheck(RingKernels.best())
            .check(
                real.round,
                material,
                RealRound.source(real.sumObject(log.silos)),
                contribution -> {
                  throw new java.io.IOException("nobody was silent");
                });
    assertThat(result).isInstanceOf(SumCheck.Result.Refuted.class);
  }
}
