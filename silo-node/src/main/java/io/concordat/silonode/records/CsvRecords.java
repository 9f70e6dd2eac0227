package io.concordat.silonode.records;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.concordat.protocol.analysis.RoundTask;
import io.concordat.silonode.records.ReadReport.Problem;
import io.concordat.silonode.records.RecordSchema.ColumnRule;
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
import java.util.regex.Pattern;

/**
 * Reads CSV files (RFC 4180, UTF-8, a header) under a schema. An empty field is a missing value;
 * spaces around a field do not count.
 */
public final class CsvRecords {
  /** Digits with an optional fraction and exponent: no NaN, no hexadecimal, no trailing letters. */
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([eE][+-]?\\d{1,3})?");

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
  public static Outcome read(Path file, RecordSchema schema) {
    String name = String.valueOf(file.getFileName());
    ReadReport.Collector findings = new ReadReport.Collector(name);
    try (Reader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        CsvReader<CsvRecord> csv =
            CsvReader.builder()
                .allowExtraFields(true)
                .allowMissingFields(true)
                .detectBomHeader(false)
                .ofCsvRecord(text)) {
      return read(csv.iterator(), schema, findings);
    } catch (CsvParseException e) {
      findings.add(Problem.UNREADABLE_FILE, 0, "", "CSV as in RFC 4180, every quote closed");
    } catch (UncheckedIOException | IOException e) {
      findings.add(Problem.UNREADABLE_FILE, 0, "", "a readable file in UTF-8");
    }
    return new Outcome.Refused(findings.report(0, 0));
  }

  private static Outcome read(
      Iterator<CsvRecord> lines, RecordSchema schema, ReadReport.Collector findings) {
    if (!lines.hasNext()) {
      findings.add(Problem.UNREADABLE_FILE, 0, "", "a header line");
      return new Outcome.Refused(findings.report(0, 0));
    }
    List<String> header = header(lines.next());
    if (!headerFits(header, schema, findings)) {
      return new Outcome.Refused(findings.report(0, 0));
    }
    LineReader reader = new LineReader(header, schema, findings);
    List<StoredRow> rows = new ArrayList<>();
    long count = 0;
    while (lines.hasNext()) {
      CsvRecord line = lines.next();
      count++;
      reader.read(line, rows);
    }
    return reader.refuses
        ? new Outcome.Refused(findings.report(count, 0))
        : new Outcome.Read(new RecordTable(schema, rows), findings.report(count, rows.size()));
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
      List<String> header, RecordSchema schema, ReadReport.Collector findings) {
    List<String> wanted = new ArrayList<>();
    wanted.add(schema.person());
    schema.columns().forEach(column -> wanted.add(column.name()));
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
    private final RecordSchema schema;
    private final ReadReport.Collector findings;
    private final Map<String, Integer> rowsOfPerson = new HashMap<>();
    private boolean refuses;

    private LineReader(List<String> header, RecordSchema schema, ReadReport.Collector findings) {
      this.header = header;
      this.schema = schema;
      this.findings = findings;
    }

    private void read(CsvRecord line, List<StoredRow> rows) {
      long number = line.getStartingLineNumber();
      if (line.getFieldCount() != header.size()) {
        findings.add(Problem.MALFORMED_LINE, number, "", header.size() + " fields");
        return;
      }
      String person = line.getField(header.indexOf(schema.person())).strip();
      boolean fits = true;
      if (person.isEmpty() || person.length() > MAX_PERSON_CHARS) {
        findings.add(
            Problem.MISSING_PERSON,
            number,
            schema.person(),
            "an id of 1 to " + MAX_PERSON_CHARS + " characters");
        fits = false;
      }
      double[] values = new double[schema.columns().size()];
      for (int c = 0; c < values.length; c++) {
        ColumnRule rule = schema.columns().get(c);
        String field = line.getField(header.indexOf(rule.name())).strip();
        values[c] = value(rule, field, number);
        fits &= !Double.isNaN(values[c]);
      }
      if (!fits) {
        return;
      }
      if (rowsOfPerson.merge(person, 1, Integer::sum) > RoundTask.MAX_ROWS_PER_PATIENT) {
        findings.add(
            Problem.TOO_MANY_ROWS_OF_A_PATIENT,
            number,
            schema.person(),
            "at most " + RoundTask.MAX_ROWS_PER_PATIENT + " rows of one patient");
        return;
      }
      rows.add(new StoredRow(person, values));
    }

    /** The stored value, or NaN after a finding. */
    private double value(ColumnRule rule, String field, long line) {
      if (field.isEmpty()) {
        findings.add(Problem.MISSING_VALUE, line, rule.name(), rule.expected());
        refuses |= rule.missing() == RecordSchema.Missing.REFUSE;
        return Double.NaN;
      }
      return switch (rule) {
        case ColumnRule.Category category -> {
          int level = category.levels().indexOf(field);
          if (level < 0) {
            findings.add(Problem.OUTSIDE_SCHEMA, line, rule.name(), rule.expected());
          }
          yield level < 0 ? Double.NaN : level;
        }
        case ColumnRule.Number bounds -> {
          if (!NUMBER.matcher(field).matches()) {
            findings.add(Problem.NOT_A_NUMBER, line, rule.name(), rule.expected());
            yield Double.NaN;
          }
          double value = Double.parseDouble(field);
          if (!(value >= bounds.min() && value <= bounds.max())) {
            findings.add(Problem.OUTSIDE_SCHEMA, line, rule.name(), rule.expected());
            yield Double.NaN;
          }
          yield value;
        }
      };
    }
  }
}
