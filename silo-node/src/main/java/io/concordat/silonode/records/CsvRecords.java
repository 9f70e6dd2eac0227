package io.concordat.silonode.records;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.concordat.protocol.analysis.RoundTask;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.silonode.records.ReadReport.Problem;
import io.concordat.silonode.records.RecordTable.StoredRow;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Reads CSV files (RFC 4180, UTF-8, a header) under a dataset's columns. An empty field or a lone
 * question mark is a missing value; spaces around a field do not count.
 */
public final class CsvRecords {
  /** Digits with an optional fraction and exponent: no NaN, no hexadecimal, no trailing letters. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([eE][+-]?\\d{1,3})?");

  private static final String MISSING_MARK = "?";
  private static final int MAX_PERSON_CHARS = 256;

  private CsvRecords() {}

  /** What reading a file came to. */
  public sealed interface Outcome {
    ReadReport report();

    /** The rows that satisfied the schema; the report tells of those that did not. */
    record Read(RecordTable table, ReadReport report) implements Outcome {}

    /** Nothing of the file is used. */
    record Refused(ReadReport report) implements Outcome {}
  }

  /** Reads one file. */
  public static Outcome read(Path file, Dataset dataset) {
    return read(List.of(file), dataset);
  }

  /**
   * Reads several files as one table, in the order given: rows of a patient that stand in different
   * files are rows of one patient. A file that is refused refuses all of them, since who is left
   * out must not depend on which file was broken.
   */
  public static Outcome read(List<Path> files, Dataset dataset) {
    List<StoredRow> rows = new ArrayList<>();
    Map<String, Integer> rowsOfPerson = new HashMap<>();
    List<ReadReport> reports = new ArrayList<>();
    boolean refused = files.isEmpty();
    for (Path file : files) {
      String rowPrefix = reports.isEmpty() ? "" : reports.size() + "/";
      Outcome outcome = read(file, dataset, new Place(rowPrefix, rowsOfPerson), rows);
      refused |= outcome instanceof Outcome.Refused;
      reports.add(outcome.report());
    }
    ReadReport report =
        reports.stream().reduce(ReadReport::and).orElse(new ReadReport.Collector("").report(0, 0));
    return refused
        ? new Outcome.Refused(report)
        : new Outcome.Read(new RecordTable(dataset, rows), report);
  }

  /**
   * Where a file stands among the others.
   *
   * @param rowPrefix in front of line numbers where each row is a person of its own
   * @param rowsOfPerson rows that each patient has so far, in all files
   */
  private record Place(String rowPrefix, Map<String, Integer> rowsOfPerson) {}

  private static Outcome read(Path file, Dataset dataset, Place place, List<StoredRow> rows) {
    String name = String.valueOf(file.getFileName());
    ReadReport.Collector findings = new ReadReport.Collector(name);
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .allowExtraFields(true)
                .allowMissingFields(true)
                .detectBomHeader(false)
                .ofCsvRecord(text)) {
      return read(csv.iterator(), dataset, place, findings, rows);
    } catch (CsvParseException e) {
      findings.add(Problem.UNREADABLE_FILE, 0, "", "CSV as in RFC 4180, every quote closed");
    } catch (UncheckedIOException | IOException e) {
      findings.add(Problem.UNREADABLE_FILE, 0, "", "a readable file in UTF-8");
    }
    return new Outcome.Refused(findings.report(0, 0));
  }

  private static Outcome read(
      Iterator<CsvRecord> lines,
      Dataset dataset,
      Place place,
      ReadReport.Collector findings,
      List<StoredRow> rows) {
    if (!lines.hasNext()) {
      findings.add(Problem.UNREADABLE_FILE, 0, "", "a header line");
      return new Outcome.Refused(findings.report(0, 0));
    }
    List<String> header = header(lines.next());
    if (!headerFits(header, dataset, findings)) {
      return new Outcome.Refused(findings.report(0, 0));
    }
    LineReader reader = new LineReader(header, dataset, place, findings);
    int before = rows.size();
    long count = 0;
    while (lines.hasNext()) {
      CsvRecord line = lines.next();
      count++;
      reader.read(line, rows);
    }
    return reader.refuses
        ? new Outcome.Refused(findings.report(count, 0))
        : new Outcome.Read(
            RecordTable.empty(dataset), findings.report(count, rows.size() - before));
  }

  private static List<String> header(CsvRecord line) {
    List<String> names = new ArrayList<>();
    for (String field : line.getFields()) {
      // A byte order mark, where a spreadsheet wrote one, sticks to the first name.
      names.add(field.replace("\uFEFF", "").strip());
    }
    return names;
  }

  private static boolean headerFits(
      List<String> header, Dataset dataset, ReadReport.Collector findings) {
    List<String> wanted = new ArrayList<>();
    dataset.columns().forEach(column -> wanted.add(column.name()));
    boolean fits = true;
    for (String name : wanted) {
      int first = header.indexOf(name);
      if (first < 0) {
        findings.add(Problem.MISSING_COLUMN, 1, name, "a column of this name in the header");
        fits = false;
      } else if (first != header.lastIndexOf(name)) {
        findings.add(Problem.REPEATED_COLUMN, 1, name, "this name once in the header");
        fits = false;
      }
    }
    return fits;
  }

  /** Reads line after line; keeps how many rows each patient has so far. */
  private static final class LineReader {
    private final List<String> header;
    private final Dataset dataset;
    private final ReadReport.Collector findings;
    private final Place place;
    private boolean refuses;

    private LineReader(
        List<String> header, Dataset dataset, Place place, ReadReport.Collector findings) {
      this.header = header;
      this.dataset = dataset;
      this.place = place;
      this.findings = findings;
    }

    private void read(CsvRecord line, List<StoredRow> rows) {
      long number = line.getStartingLineNumber();
      if (line.getFieldCount() != header.size()) {
        if (line.getFields().stream().anyMatch(field -> field.indexOf('\n') >= 0)) {
          // A quote that nobody closed swallows the lines below; how many good ones, nobody knows.
          findings.add(Problem.UNREADABLE_FILE, number, "", "every quote closed");
          refuses = true;
          return;
        }
        findings.add(Problem.MALFORMED_LINE, number, "", header.size() + " fields");
        return;
      }
      String person = person(line);
      boolean fits = !person.isEmpty();
      double[] values = new double[dataset.columns().size()];
      for (int c = 0; c < values.length; c++) {
        Column column = dataset.columns().get(c);
        String field = line.getField(header.indexOf(column.name())).strip();
        values[c] = value(column, field, number);
        fits &= !Double.isNaN(values[c]);
      }
      if (!fits) {
        return;
      }
      if (place.rowsOfPerson().merge(person, 1, Integer::sum) > RoundTask.MAX_ROWS_PER_PATIENT) {
        findings.add(
            Problem.TOO_MANY_ROWS_OF_A_PATIENT,
            number,
            dataset.person(),
            "at most " + RoundTask.MAX_ROWS_PER_PATIENT + " rows of one patient");
        return;
      }
      rows.add(new StoredRow(person, values));
    }

    /** Whose row this is; empty after a finding. */
    private String person(CsvRecord line) {
      long number = line.getStartingLineNumber();
      if (dataset.everyRowIsOnePerson()) {
        return Dataset.ROW + place.rowPrefix() + number;
      }
      String person = line.getField(header.indexOf(dataset.person())).strip();
      if (!person.isEmpty() && person.length() <= MAX_PERSON_CHARS) {
        return person;
      }
      findings.add(
          Problem.MISSING_PERSON,
          number,
          dataset.person(),
          "an id of 1 to " + MAX_PERSON_CHARS + " characters");
      return "";
    }

    /** The stored value, or NaN after a finding. */
    private double value(Column column, String field, long line) {
      return switch (column) {
        case Column.Identifier _ -> 0;
        case Column.Category category -> {
          if (missing(category, field, line)) {
            yield Double.NaN;
          }
          OptionalInt place = category.indexOf(field);
          if (place.isEmpty()) {
            findings.add(Problem.OUTSIDE_SCHEMA, line, category.name(), expected(category));
          }
          yield place.isEmpty() ? Double.NaN : place.getAsInt();
        }
        case Column.Number bounds -> {
          if (missing(bounds, field, line)) {
            yield Double.NaN;
          }
          if (!NUMBER.matcher(field).matches()) {
            findings.add(Problem.NOT_A_NUMBER, line, bounds.name(), expected(bounds));
            yield Double.NaN;
          }
          double value = Double.parseDouble(field);
          if (!bounds.allows(value)) {
            findings.add(Problem.OUTSIDE_SCHEMA, line, bounds.name(), expected(bounds));
            yield Double.NaN;
          }
          yield value;
        }
      };
    }

    private boolean missing(Column column, String field, long line) {
      if (!field.isEmpty() && !field.equals(MISSING_MARK)) {
        return false;
      }
      findings.add(Problem.MISSING_VALUE, line, column.name(), expected(column));
      refuses |= column.missing() == Column.MissingRule.REFUSE;
      return true;
    }
  }

  /** What a cell must be, for people. */
  private static String expected(Column column) {
    return switch (column) {
      case Column.Number number ->
          "a number from " + number.min().toPlainString() + " to " + number.max().toPlainString();
      case Column.Category category -> "one of " + String.join(", ", category.values());
      case Column.Identifier _ -> "an id";
    };
  }
}
