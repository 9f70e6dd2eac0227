package io.concordat.silonode.records;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a file's lines. For the institution's own eyes: counts depend on records.
 *
 * @param file name of the file, or names of the files
 * @param lines rows found below the header
 * @param used rows that satisfied the schema
 * @param counts problems by kind; a row may have several
 * @param findings the first problems, at most {@link #MAX_FINDINGS}, in the order of lines
 */
public record ReadReport(
    String file, long lines, long used, Map<Problem, Long> counts, List<Finding> findings) {

  /** Findings that are kept; all are counted. */
  public static final int MAX_FINDINGS = 100;

  public ReadReport {
    counts = Map.copyOf(counts);
    findings = List.copyOf(findings);
  }

  /** Kinds of problem. */
  public enum Problem {
    UNREADABLE_FILE,
    MISSING_COLUMN,
    REPEATED_COLUMN,
    MALFORMED_LINE,
    MISSING_PERSON,
    MISSING_VALUE,
    NOT_A_NUMBER,
    OUTSIDE_SCHEMA,
    TOO_MANY_ROWS_OF_A_PATIENT
  }

  /**
   * One problem.
   *
   * @param file name of the file
   * @param line from 1, the header's; 0 for the file as a whole
   * @param column name, empty where none is concerned
   * @param expected what would have been right
   */
  public record Finding(Problem problem, String file, long line, String column, String expected) {}

  /** Rows that were left out. */
  public long leftOut() {
    return lines - used;
  }

  /** One line for each finding: {@code FILE:LINE: COLUMN: expected ...}. */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (Finding finding : findings) {
      String place = finding.line() == 0 ? finding.file() : finding.file() + ":" + finding.line();
      String column = finding.column().isEmpty() ? "" : " " + finding.column() + ":";
      sentences.add(place + ":" + column + " expected " + finding.expected());
    }
    return sentences;
  }

  /** What became of this file's lines and of another's. */
  ReadReport and(ReadReport other) {
    TreeMap<Problem, Long> all = new TreeMap<>(counts);
    other.counts.forEach((problem, count) -> all.merge(problem, count, Long::sum));
    List<Finding> first = new ArrayList<>(findings);
    first.addAll(other.findings);
    return new ReadReport(
        file + ", " + other.file,
        lines + other.lines,
        used + other.used,
        all,
        first.subList(0, Math.min(first.size(), MAX_FINDINGS)));
  }

  /** Collects findings while a file is read. */
  static final class Collector {
    private final String file;
    private final Map<Problem, Long> counts = new TreeMap<>();
    private final List<Finding> findings = new ArrayList<>();

    Collector(String file) {
      this.file = file;
    }

    void add(Problem problem, long line, String column, String expected) {
      counts.merge(problem, 1L, Long::sum);
      if (findings.size() < MAX_FINDINGS) {
        findings.add(new Finding(problem, file, line, column, expected));
      }
    }

    ReadReport report(long lines, long used) {
      return new ReadReport(file, lines, used, counts, findings);
    }
  }
}
