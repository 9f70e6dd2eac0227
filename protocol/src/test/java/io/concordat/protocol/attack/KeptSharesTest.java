package io.concordat.protocol.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.contribution.NodeWorker;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.Write;
import io.concordat.protocol.holder.HolderCommand;
import io.concordat.protocol.holder.HolderEvent;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.testing.Handmade;
import io.concordat.protocol.testing.RealRound;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a holder keeps of the boxes that it checked, and for how long. */
final class KeptSharesTest {
  private static final int HOLDER = 1;

  private final Handmade log = new Handmade().begun();
  private final RealRound real = new RealRound(log, log.running(Handmade.OPEN, 1));
  private final CohortFixed manifest = real.fix(log.silos);
  private final NodeWorker worker = real.worker(log.silos.getFirst());

  private void check(String silo) {
    SignedStatement header = real.headers.get(silo);
    assertThat(
            worker.run(
                new NodeCommand.Hold(
                    new HolderCommand.CheckBox(
                        real.round.announcement(),
                        (ContributionHeader) header.statement(),
                        HOLDER,
                        real.prepared.get(silo).boxes().get(HOLDER)))))
        .hasValueSatisfying(event ->
            assertThat(((NodeEvent.Held) event).result())
                .isInstanceOf(HolderEvent.BoxOpened.class));
  }

  private HolderEvent sum() {
    NodeEvent event =
        worker
            .run(
                new NodeCommand.Hold(
                    new HolderCommand.SumShares(
                        real.round.announcement(), manifest, manifest.digest(), HOLDER)))
            .orElseThrow();
    return ((NodeEvent.Held) event).result();
  }

  private static byte[] object(HolderEvent answer) {
    assertThat(answer).isInstanceOf(HolderEvent.SharesSummed.class);
    return ((HolderEvent.SharesSummed) answer).object();
  }

  private void loseBoxes() {
    List<Write> gone = new ArrayList<>();
    for (String silo : log.silos) {
      gone.add(new Write.Delete(Names.heldBox(real.headers.get(silo).digest(), HOLDER)));
    }
    real.rows.commit(gone);
  }

  @Test
  void aSumOfKeptSharesIsTheSumOfTheBoxes() {
    byte[] fromBoxes = real.keySum(HOLDER, manifest);
    log.silos.forEach(this::check);
    assertThat(object(sum())).isEqualTo(fromBoxes);
    assertThat(object(sum())).as("the shares are spent: from the boxes").isEqualTo(fromBoxes);
  }

  @Test
  void sharesThatWereCheckedAreSpentByOneSum() {
    log.silos.forEach(this::check);
    loseBoxes();
    assertThat(sum()).isInstanceOf(HolderEvent.SharesSummed.class);
    assertThat(sum()).isInstanceOf(HolderEvent.SharesLost.class);
  }

  @Test
  void oneShareThatIsNotKeptComesFromItsBox() {
    byte[] fromBoxes = real.keySum(HOLDER, manifest);
    log.silos.stream().skip(1).forEach(this::check);
    assertThat(object(sum())).isEqualTo(fromBoxes);
  }

  @Test
  void noShareOutlivesTheSecretOfItsBox() {
    log.silos.forEach(this::check);
    loseBoxes();
    worker.run(
        new NodeCommand.Hold(
            new HolderCommand.EraseBoxKeys(real.round.announcement().job(), Integer.MAX_VALUE)));
    assertThat(sum()).isInstanceOf(HolderEvent.SharesLost.class);
  }
}
