package io.concordat.silonode.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Holdout;
import io.concordat.silonode.records.CsvRecords.Outcome;
import io.concordat.silonode.records.ReadReport.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvRecordsTest {
  private static final String HEADER = "patient,age,stage,outcome,side";

  @TempDir Path folder;

  private Outcome.Read read(String... lines) throws IOException {
    return (Outcome.Read) CsvRecords.read(WardFixture.csv(folder, lines), WardFixture.dataset());
  }

  private Outcome.Refused refused(String... lines) throws IOException {
    return (Outcome.Refused) CsvRecords.read(WardFixture.csv(folder, lines), WardFixture.dataset());
  }

  @Test
  void readsColumnsByNameInAnyOrderAndIgnoresOthers() throws IOException {
    var read = read("side, outcome ,hat size,stage,age,patient", "train,ill,58,2.0,\"61.5\",p1");
    assertThat(read.report().used()).isEqualTo(1);
    assertThat(read.table().row(0).number("age")).isEqualTo(61.5);
    assertThat(read.table().row(0).level("stage")).isEqualTo("2");
    assertThat(read.table().row(0).level("outcome")).isEqualTo("ill");
  }

  @Test
  void byteOrderMarkOfSpreadsheetsDoesNotHideTheFirstColumn() throws IOException {
    assertThat(read("\uFEFF" + HEADER, "p1,61,1,ill,train").report().used()).isEqualTo(1);
  }

  @Test
  void countsAndReportsEveryMisfitByFileLineAndColumnAndUsesTheRest() throws IOException {
    var read =
        read(
            HEADER,
            "p1,61,1,ill,train",
            "p2,abc,1,ill,train",
            "p3,NaN,1,ill,train",
            "p4,1e400,1,ill,train",
            "p5,121,1,ill,train",
            "p6,50,4,ill,train",
            "p7,,1,ill,train",
            ",50,1,ill,train",
            "p8,50,1,ill",
            "p9,0x1p3,1,ill,train",
            "p10,50,3,well,test");
    ReadReport report = read.report();
    assertThat(read.table().rows()).isEqualTo(2);
    assertThat(report.lines()).isEqualTo(11);
    assertThat(report.leftOut()).isEqualTo(9);
    assertThat(report.counts())
        .containsEntry(Problem.NOT_A_NUMBER, 3L)
        .containsEntry(Problem.OUTSIDE_SCHEMA, 3L)
        .containsEntry(Problem.MISSING_VALUE, 1L)
        .containsEntry(Problem.MISSING_PERSON, 1L)
        .containsEntry(Problem.MALFORMED_LINE, 1L);
    assertThat(report.sentences())
        .contains(
            "ward.csv:3: age: expected a number from 0 to 120",
            "ward.csv:7: stage: expected one of 1, 2, 3",
            "ward.csv:10: expected 5 fields");
  }

  @Test
  void reportsNameNoValuesAndNoPatients() throws IOException {
    var read = read(HEADER, "secret-id,secret-age,secret-stage,ill,train");
    assertThat(read.report().sentences().toString()).doesNotContain("secret");
    assertThat(read.table().toString()).doesNotContain("secret");
  }

  @Test
  void refusesFileWithoutAColumnNamingEachMissingOne() throws IOException {
    var refused = refused("patient,stage,side,side", "p1,1,train,train");
    assertThat(refused.report().sentences())
        .containsExactly(
            "ward.csv:1: age: expected a column of this name in the header",
            "ward.csv:1: outcome: expected a column of this name in the header",
            "ward.csv:1: side: expected this name once in the header");
  }

  @Test
  void refusesWhatIsNoCsvOrNoTextOrEmptyOrAbsent() throws IOException {
    assertThat(refused(HEADER, "p1,\"61,1,ill,train", "p2,60,1,ill,train").report().counts())
        .containsKey(Problem.UNREADABLE_FILE);
    assertThat(refused("").report().used()).isZero();
    Path binary = folder.resolve("binary.csv");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    assertThat(CsvRecords.read(binary, WardFixture.dataset())).isInstanceOf(Outcome.Refused.class);
    assertThat(CsvRecords.read(folder.resolve("none.csv"), WardFixture.dataset()))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void missingRuleRefuseRefusesTheWholeFile() throws IOException {
    var dataset = WardFixture.dataset(new Holdout.None(), Column.MissingRule.REFUSE);
    Path file = WardFixture.csv(folder, HEADER, "p1,61,1,ill,train", "p2,?,1,ill,train");
    assertThat(CsvRecords.read(file, dataset)).isInstanceOf(Outcome.Refused.class);
    assertThat(CsvRecords.read(file, WardFixture.dataset())).isInstanceOf(Outcome.Read.class);
  }

  @Test
  void rowsOfOnePatientAreOnePatientAndAtMostSixtyFour() throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADER));
    for (int i = 0; i < 70; i++) {
      lines.add("p1,61,1,ill,train");
      lines.add("p2,61,1,ill,train".replace("p2", i == 0 ? "p2" : "q" + i));
    }
    var read = read(lines.toArray(new String[0]));
    assertThat(read.table().patients()).isEqualTo(71);
    assertThat(read.table().rowsOf(0)).hasSize(64);
    assertThat(read.report().counts()).containsEntry(Problem.TOO_MANY_ROWS_OF_A_PATIENT, 6L);
  }

  @Test
  void digestOfTheTableSeesPersonsValuesAndOrder() throws IOException {
    byte[] digest = read(HEADER, "p1,61,1,ill,train", "p2,62,1,ill,train").table().sha256();
    assertThat(read(HEADER, "p1,61,1,ill,train", "p2,62.0,1,ill,train").table().sha256())
        .isEqualTo(digest);
    assertThat(read(HEADER, "p1,61,1,ill,train", "p3,62,1,ill,train").table().sha256())
        .isNotEqualTo(digest);
    assertThat(read(HEADER, "p1,61,1,ill,train", "p2,62.5,1,ill,train").table().sha256())
        .isNotEqualTo(digest);
    assertThat(read(HEADER, "p2,62,1,ill,train", "p1,61,1,ill,train").table().sha256())
        .isNotEqualTo(digest);
  }

  @Test
  void severalFilesAreOneTableAndAPatientInTwoOfThemIsOnePatient() throws IOException {
    Path first = Files.writeString(folder.resolve("may.csv"), HEADER + "\np1,61,1,ill,train\n");
    Path second =
        Files.writeString(
            folder.resolve("june.csv"),
            "age,patient,stage,outcome,side\n62,p1,2,ill,train\n200,p2,1,ill,train\n33,p3,1,ill,train\n");
    var read = (Outcome.Read) CsvRecords.read(List.of(first, second), WardFixture.dataset());
    assertThat(read.table().rows()).isEqualTo(3);
    assertThat(read.table().patients()).isEqualTo(2);
    assertThat(read.report().lines()).isEqualTo(4);
    assertThat(read.report().leftOut()).isEqualTo(1);
    assertThat(read.report().sentences())
        .containsExactly("june.csv:3: age: expected a number from 0 to 120");
  }

  @Test
  void oneRefusedFileRefusesAllOfThemAndSaysWhich() throws IOException {
    Path first = Files.writeString(folder.resolve("may.csv"), HEADER + "\np1,61,1,ill,train\n");
    Path second = Files.writeString(folder.resolve("june.csv"), "age,patient\n62,p1\n");
    Outcome outcome = CsvRecords.read(List.of(first, second), WardFixture.dataset());
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    assertThat(outcome.report().sentences()).allMatch(s -> s.startsWith("june.csv:1: "));
  }
}
