package io.concordat.client.demo.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One of the demo's two datasets, dealt to the four hospitals. */
public final class DemoRecords {
  /** Ids of the demo's silos. */
  public static final List<String> HOSPITALS =
      List.of("cleveland", "budapest", "zurich-basel", "long-beach");

  /** The person column of the heart disease records. */
  public static final String PATIENT = "patient";

  /** The person column of the breast cancer records: other people, under no cap. */
  public static final String BIOPSY = "biopsy";

  /** The column that says on which side a patient is. */
  public static final String SPLIT = "split";

  private static final List<String> HEART_FILES =
      List.of("cleveland", "hungarian", "switzerland", "va");
  private static final List<String> HEART_COLUMNS =
      List.of(
          "age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak");
  private static final int HEART_NUM = 13;

  /** Evaluation records are those whose second digest byte lies below this: 51/256 of them. */
  private static final int EVALUATION_BYTES = 51;

  /** The two sides of a dataset. */
  public enum Side {
    TRAIN,
    EVALUATION;

    /** As the column {@link #SPLIT} spells it. */
    public String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String name;
  private final List<String> header;
  private final Map<String, Map<Side, List<List<String>>>> rows;

  private DemoRecords(
      String name, List<String> header, Map<String, Map<Side, List<List<String>>>> rows) {
    this.name = name;
    this.header = List.copyOf(header);
    this.rows = rows;
  }

  /**
   * The heart disease records of the benchmark split.
   *
   * @param demoData the project's folder {@code demo-data}
   */
  public static DemoRecords heartDisease(Path demoData) {
    Path folder = demoData.resolve("heart-disease");
    List<String> header = new ArrayList<>();
    header.add(PATIENT);
    header.addAll(HEART_COLUMNS);
    header.add("num");
    header.add(SPLIT);
    Map<String, List<String>> lines = new HashMap<>();
    for (String file : HEART_FILES) {
      lines.put(file, read(folder.resolve("processed." + file + ".data")));
    }
    Map<String, Map<Side, List<List<String>>>> rows = emptyRows();
    List<String> split = read(folder.resolve("split.csv"));
    for (String entry : split.subList(1, split.size())) {
      String[] fields = entry.split(",", -1);
      int line = Integer.parseInt(fields[1]);
      String hospital = HOSPITALS.get(HEART_FILES.indexOf(fields[0]));
      Side side = fields[2].equals("train") ? Side.TRAIN : Side.EVALUATION;
      String[] values = require(lines, fields[0]).get(line - 1).split(",", -1);
      List<String> row = new ArrayList<>();
      row.add(String.format("%s-%04d", hospital, line));
      for (int column = 0; column < HEART_COLUMNS.size(); column++) {
        row.add(plain(values[column]));
      }
      row.add(plain(values[HEART_NUM]));
      row.add(side.value());
      require(require(rows, hospital), side).add(row);
    }
    return new DemoRecords("heart", header, rows);
  }

  /**
   * The breast cancer records, dealt by the rule of their folder's README.
   *
   * @param demoData the project's folder {@code demo-data}
   */
  public static DemoRecords breastCancer(Path demoData) {
    List<String> lines = read(demoData.resolve("breast-cancer").resolve("breast_cancer.csv"));
    List<String> measures = List.of(lines.get(0).split(",", -1));
    List<String> header = new ArrayList<>();
    header.add(BIOPSY);
    header.addAll(measures.subList(0, measures.size() - 1));
    header.add("diagnosis");
    header.add(SPLIT);
    Map<String, Map<Side, List<List<String>>>> rows = emptyRows();
    for (int record = 1; record < lines.size(); record++) {
      byte[] digest = sha256("breast-cancer/" + record);
      String hospital = HOSPITALS.get((digest[0] & 0xff) % HOSPITALS.size());
      Side side = (digest[1] & 0xff) < EVALUATION_BYTES ? Side.EVALUATION : Side.TRAIN;
      List<String> values = List.of(lines.get(record).split(",", -1));
      List<String> row = new ArrayList<>();
      row.add(String.format("wdbc-%04d", record));
      row.addAll(values.subList(0, values.size() - 1));
      row.add(values.getLast().equals("0") ? "malignant" : "benign");
      row.add(side.value());
      require(require(rows, hospital), side).add(row);
    }
    return new DemoRecords("breast-cancer", header, rows);
  }

  private static Map<String, Map<Side, List<List<String>>>> emptyRows() {
    Map<String, Map<Side, List<List<String>>>> rows = new HashMap<>();
    for (String hospital : HOSPITALS) {
      Map<Side, List<List<String>>> sides = new HashMap<>();
      for (Side side : Side.values()) {
        sides.put(side, new ArrayList<>());
      }
      rows.put(hospital, sides);
    }
    return rows;
  }

  /** {@code 63.0} becomes {@code 63}, {@code .7} becomes {@code 0.7}: levels need one spelling. */
  private static String plain(String value) {
    String text = value.strip();
    if (text.startsWith(".")) {
      text = "0" + text;
    }
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  private static <K, V> V require(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("unknown: " + key);
    }
    return value;
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read demo records " + file, e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** {@code heart} or {@code breast-cancer}. */
  public String name() {
    return name;
  }

  /** Column names: patient first, label and split last. */
  public List<String> header() {
    return header;
  }

  /** Rows of one hospital and side, in the order of the source. */
  public List<List<String>> rows(String hospital, Side side) {
    return List.copyOf(require(require(rows, hospital), side));
  }

  /** Number of patients: each row is one. */
  public int patients(String hospital, Side side) {
    return require(require(rows, hospital), side).size();
  }

  /** Rows of several hospitals one after the other. */
  public List<List<String>> pooled(List<String> hospitals, Side side) {
    List<List<String>> all = new ArrayList<>();
    for (String hospital : hospitals) {
      all.addAll(require(require(rows, hospital), side));
    }
    return all;
  }

  /**
   * Writes one hospital's CSV file, {@code NAME.csv}: train rows first, then evaluation rows.
   *
   * @return the file
   */
  public Path write(String hospital, Path folder) throws IOException {
    Files.createDirectories(folder);
    StringBuilder text = new StringBuilder(String.join(",", header)).append('\n');
    for (Side side : Side.values()) {
      for (List<String> row : rows(hospital, side)) {
        text.append(String.join(",", row)).append('\n');
      }
    }
    Path file = folder.resolve(name + ".csv");
    Files.writeString(file, text, StandardCharsets.US_ASCII);
    return file;
  }
}
