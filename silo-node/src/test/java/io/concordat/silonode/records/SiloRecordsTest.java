package io.concordat.silonode.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Holdout;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SiloRecordsTest {
  @TempDir Path folder;

  private RecordTable hundreds(Holdout holdout) throws IOException {
    List<String> lines = new ArrayList<>(List.of("patient,age,stage,outcome,side"));
    for (int i = 0; i < 1000; i++) {
      lines.add("p" + i + "," + i % 100 + ",1,ill,train");
      lines.add("p" + i + "," + i % 100 + ",2,ill,train");
    }
    var outcome =
        CsvRecords.read(
            WardFixture.csv(folder, lines.toArray(new String[0])),
            WardFixture.dataset(holdout, Column.MissingRule.DROP_ROW));
    return ((CsvRecords.Outcome.Read) outcome).table();
  }

  private static byte[] secret(int value) {
    byte[] secret = new byte[32];
    secret[7] = (byte) value;
    return secret;
  }

  @Test
  void aPatientIsOnOneSideOnlyWithAllRowsAndStaysThere() throws IOException {
    RecordTable all = hundreds(new Holdout.Fraction(new BigDecimal("0.2")));
    SiloRecords first = SiloRecords.split(all, secret(1));
    SiloRecords again = SiloRecords.split(all, secret(1));
    assertThat(first.train().patients() + first.evaluation().patients()).isEqualTo(1000);
    assertThat(first.train().rows()).isEqualTo(2 * first.train().patients());
    assertThat(first.evaluation().patients() / 1000.0).isCloseTo(0.2, within(0.04));
    assertThat(again.evaluation().sha256()).isEqualTo(first.evaluation().sha256());
  }

  @Test
  void anotherSecretIsAnotherSplitAndAShortOneIsRefused() throws IOException {
    RecordTable all = hundreds(new Holdout.Fraction(new BigDecimal("0.2")));
    assertThat(SiloRecords.split(all, secret(1)).evaluation().sha256())
        .isNotEqualTo(SiloRecords.split(all, secret(2)).evaluation().sha256());
    assertThatThrownBy(() -> SiloRecords.split(all, new byte[15]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void withoutHoldoutEverybodyTrains() throws IOException {
    SiloRecords records = SiloRecords.split(hundreds(new Holdout.None()), secret(1));
    assertThat(records.train().patients()).isEqualTo(1000);
    assertThat(records.evaluation().patients()).isZero();
  }

  @Test
  void onePatientWithRowsOnBothSidesOnlyEvaluates() throws IOException {
    SiloRecords records =
        WardFixture.records(folder, "p1,50,1,ill,train", "p1,51,1,ill,test", "p2,52,1,well,train");
    assertThat(records.train().patients()).isEqualTo(1);
    assertThat(records.train().row(0).number("age")).isEqualTo(52);
    assertThat(records.evaluation().rows()).isEqualTo(2);
  }
}
