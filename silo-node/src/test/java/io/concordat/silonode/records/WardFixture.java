package io.concordat.silonode.records;

import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Label;
import io.concordat.protocol.policy.Privacy;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small dataset of a ward: id, age, a category of three, an outcome. */
public final class WardFixture {
  private WardFixture() {}

  public static Dataset dataset(Holdout holdout, Column.MissingRule ageMissing) {
    return new Dataset(
        "ward",
        "patient",
        100,
        holdout,
        List.of(
            new Column.Identifier("patient"),
            new Column.Number(
                "age",
                BigDecimal.ZERO,
                new BigDecimal("120"),
                new BigDecimal("50"),
                new BigDecimal("10"),
                "years",
                ageMissing),
            new Column.Category("stage", List.of("1", "2", "3"), Column.MissingRule.DROP_ROW),
            new Column.Category("outcome", List.of("well", "ill"), Column.MissingRule.DROP_ROW),
            new Column.Category("side", List.of("train", "test"), Column.MissingRule.DROP_ROW)),
        List.of(new Label("sick", "outcome", List.of("ill"))),
        new Privacy.None(),
        List.of());
  }

  public static Dataset dataset() {
    return dataset(new Holdout.ByColumn("side", List.of("test")), Column.MissingRule.DROP_ROW);
  }

  public static Path csv(Path folder, String... lines) throws IOException {
    return Files.writeString(
        folder.resolve("ward.csv"), String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  /** The records of lines below the usual header; every line must satisfy the schema. */
  public static SiloRecords records(Path folder, String... rows) throws IOException {
    String[] lines = new String[rows.length + 1];
    lines[0] = "patient,age,stage,outcome,side";
    System.arraycopy(rows, 0, lines, 1, rows.length);
    return switch (CsvRecords.read(csv(folder, lines), dataset())) {
      case CsvRecords.Outcome.Read read when read.report().leftOut() == 0 ->
          SiloRecords.split(read.table(), new byte[16]);
      case CsvRecords.Outcome other ->
          throw new IllegalArgumentException(String.join("\n", other.report().sentences()));
    };
  }
}
