package io.concordat.policies;

import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Holdout;
import io.concordat.protocol.policy.Label;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.yaml.Findings;
import io.concordat.protocol.yaml.YamlFields;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The part of a policy that describes records. */
final class DatasetReader {
  private static final int MAX_COLUMNS = 10_000;

  private final Findings findings;

  DatasetReader(Findings findings) {
    this.findings = findings;
  }

  List<Dataset> datasets(YamlFields f) {
    List<Dataset> out = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    Map<String, Dataset> scopes = new HashMap<>();
    for (YamlFields d : f.groups("datasets")) {
      Optional<Dataset> dataset = dataset(d);
      if (dataset.isPresent()) {
        if (!ids.add(dataset.get().id())) {
          d.refuse("id", Code.POLICY_DUPLICATE, dataset.get().id() + " stands twice");
        }
        Dataset before = scopes.putIfAbsent(dataset.get().budgetScope(), dataset.get());
        if (before != null && !Policy.sameCap(before.privacy(), dataset.get().privacy())) {
          d.refuse(
              "privacy",
              Code.POLICY_PERSON,
              "dataset "
                  + before.id()
                  + " has the same person column "
                  + before.person()
                  + " and other privacy: one person has one cap");
        }
        out.add(dataset.get());
      }
    }
    return out;
  }

  private Optional<Dataset> dataset(YamlFields d) {
    String id = d.id("id");
    String person = d.columnName("person");
    int maxPatients = d.smallInteger("maxPatientsPerSilo", 1, 1 << 30);
    List<Column> columns = columns(d);
    boolean columnsRead = d.clean();
    Holdout holdout = d.has("holdout") ? holdout(d, columns, columnsRead) : new Holdout.None();
    List<Label> labels = d.has("labels") ? labels(d, columns, columnsRead) : List.of();
    Optional<Privacy> privacy = privacy(d);
    List<String> filters = d.has("filters") ? filters(d, columns, columnsRead) : List.of();
    d.end();
    if (columnsRead) {
      person(d, person, columns);
    }
    return d.clean() && privacy.isPresent()
        ? Optional.of(
            new Dataset(id, person, maxPatients, holdout, columns, labels, privacy.get(), filters))
        : Optional.empty();
  }

  private static void person(YamlFields d, String person, List<Column> columns) {
    List<String> identifiers =
        columns.stream().filter(Column.Identifier.class::isInstance).map(Column::name).toList();
    if (person.equals(Dataset.ROW)
        ? !identifiers.isEmpty()
        : !identifiers.equals(List.of(person))) {
      d.refuse(
          "person",
          Code.POLICY_PERSON,
          "expected the one column of type identifier, or row where there is none; found "
              + person
              + ", identifier columns: "
              + identifiers);
    }
  }

  private enum ColumnType {
    NUMBER,
    CATEGORY,
    IDENTIFIER;

    String text() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private List<Column> columns(YamlFields d) {
    List<Column> out = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<YamlFields> groups = d.groups("columns");
    if (groups.size() > MAX_COLUMNS) {
      d.fault("columns", "expected at most " + MAX_COLUMNS);
    }
    for (YamlFields c : groups) {
      String name = c.columnName("name");
      ColumnType type = c.choice("type", ColumnType.class, ColumnType::text);
      Optional<Column> column =
          switch (type) {
            case NUMBER -> number(c, name);
            case CATEGORY -> category(c, name);
            case IDENTIFIER -> {
              c.end();
              yield c.clean() ? Optional.of(new Column.Identifier(name)) : Optional.empty();
            }
          };
      if (name.equals(Dataset.ROW)) {
        c.refuse("name", Code.POLICY_COLUMN, "row is not a name: it stands for one person a row");
      }
      if (!names.add(name) && !name.isEmpty()) {
        c.refuse("name", Code.POLICY_DUPLICATE, name + " stands twice");
      }
      column.ifPresent(out::add);
    }
    return out;
  }

  private static Column.MissingRule missing(YamlFields c) {
    return c.choice("missing", Column.MissingRule.class, Column.MissingRule::text);
  }

  private static Optional<Column> number(YamlFields c, String name) {
    BigDecimal min = c.decimal("min", "-1e15", "1e15");
    BigDecimal max = c.decimal("max", "-1e15", "1e15");
    boolean bounds = c.clean();
    BigDecimal center = c.decimal("center", "-1e15", "1e15");
    BigDecimal scale = c.decimal("scale", "-1e15", "1e15");
    String unit = c.string("unit", "");
    Column.MissingRule missing = missing(c);
    c.end();
    if (bounds && min.compareTo(max) >= 0) {
      c.refuse("min", Code.POLICY_COLUMN, min + " is not below max " + max);
    }
    if (c.clean() && scale.signum() <= 0) {
      c.refuse("scale", Code.POLICY_COLUMN, scale + " is not above 0");
    }
    if (c.clean() && (center.compareTo(min) < 0 || center.compareTo(max) > 0)) {
      c.refuse("center", Code.POLICY_COLUMN, center + " is not between min and max");
    }
    return c.clean()
        ? Optional.of(new Column.Number(name, min, max, center, scale, unit, missing))
        : Optional.empty();
  }

  private Optional<Column> category(YamlFields c, String name) {
    List<String> values = c.texts("values");
    Column.MissingRule missing = missing(c);
    c.end();
    distinct(c, "values", values);
    if (c.clean() && (values.size() < 2 || values.size() > Column.Category.MAX_VALUES)) {
      c.refuse(
          "values", Code.POLICY_COLUMN, "expected 2 to " + Column.Category.MAX_VALUES + " values");
    }
    return c.clean() ? Optional.of(new Column.Category(name, values, missing)) : Optional.empty();
  }

  private Holdout holdout(YamlFields d, List<Column> columns, boolean columnsRead) {
    if (!d.isGroup("holdout")) {
      BigDecimal fraction = d.decimal("holdout", "1e-6", "0.5");
      return d.clean() ? new Holdout.Fraction(fraction) : new Holdout.None();
    }
    YamlFields h = d.group("holdout");
    String column = h.columnName("column");
    List<String> values = h.texts("values");
    h.end();
    distinct(h, "values", values);
    if (h.clean() && columnsRead) {
      someValues(h, column, "values", values, columns);
    }
    return h.clean() ? new Holdout.ByColumn(column, values) : new Holdout.None();
  }

  private List<Label> labels(YamlFields d, List<Column> columns, boolean columnsRead) {
    List<Label> out = new ArrayList<>();
    Set<String> names = new HashSet<>();
    columns.forEach(c -> names.add(c.name()));
    for (YamlFields l : d.groups("labels")) {
      String name = l.columnName("name");
      String column = l.columnName("column");
      List<String> positive = l.texts("positive");
      l.end();
      distinct(l, "positive", positive);
      if (!names.add(name) && !name.isEmpty()) {
        l.refuse("name", Code.POLICY_DUPLICATE, name + " is a column or label already");
      }
      if (l.clean() && columnsRead) {
        someValues(l, column, "positive", positive, columns);
      }
      if (l.clean()) {
        out.add(new Label(name, column, positive));
      }
    }
    return out;
  }

  /** Values must be some, not all, of a category column's. */
  private void someValues(
      YamlFields f, String column, String field, List<String> values, List<Column> columns) {
    Optional<Column.Category> category =
        columns.stream()
            .filter(c -> c.name().equals(column))
            .filter(Column.Category.class::isInstance)
            .map(Column.Category.class::cast)
            .findFirst();
    if (category.isEmpty()) {
      f.refuse("column", Code.POLICY_REFERENCE, column + " is not a category column");
      return;
    }
    for (int i = 0; i < values.size(); i++) {
      if (!category.get().values().contains(values.get(i))) {
        findings.add(
            f.where(field, i),
            Code.POLICY_REFERENCE,
            values.get(i) + " is not a value of " + column + ": " + category.get().values());
      }
    }
    if (f.clean() && values.size() == category.get().values().size()) {
      f.refuse(field, Code.POLICY_COLUMN, "names every value of " + column);
    }
  }

  private List<String> filters(YamlFields d, List<Column> columns, boolean columnsRead) {
    List<String> out = new ArrayList<>();
    for (YamlFields c : d.groups("filters")) {
      String column = c.columnName("column");
      c.end();
      if (columnsRead
          && c.clean()
          && columns.stream()
              .noneMatch(k -> k instanceof Column.Category && k.name().equals(column))) {
        c.refuse("column", Code.POLICY_REFERENCE, column + " is not a category column");
      }
      if (out.contains(column)) {
        c.refuse("column", Code.POLICY_DUPLICATE, column + " stands twice");
      }
      out.add(column);
    }
    return out;
  }

  private static Optional<Privacy> privacy(YamlFields d) {
    if (d.has("privacy") && !d.isGroup("privacy")) {
      d.constant("privacy", "none");
      return Optional.of(new Privacy.None());
    }
    YamlFields p = d.group("privacy");
    BigDecimal cap = p.decimal("epsilonCap");
    BigDecimal delta = p.decimal("delta");
    BigDecimal perJob = p.decimal("perJobMax");
    Privacy.Attestation attestation =
        p.choice(
            "attestation",
            Privacy.Attestation.class,
            Privacy.Attestation::text,
            Privacy.Attestation.JOB);
    p.end();
    if (p.clean()) {
      // Below a thousandth no job could be calibrated, beyond a thousand nothing is protected.
      if (cap.compareTo(new BigDecimal("0.001")) < 0 || cap.compareTo(new BigDecimal("1000")) > 0) {
        p.refuse("epsilonCap", Code.POLICY_CAP, cap + " is not between 0.001 and 1000");
      }
      if (perJob.compareTo(new BigDecimal("0.001")) < 0 || perJob.compareTo(cap) > 0) {
        p.refuse("perJobMax", Code.POLICY_CAP, perJob + " is not between 0.001 and epsilonCap");
      }
      if (delta.compareTo(new BigDecimal("1e-10")) < 0
          || delta.compareTo(new BigDecimal("0.01")) > 0) {
        p.refuse("delta", Code.POLICY_CAP, delta + " is not between 1e-10 and 0.01");
      }
    }
    return p.clean()
        ? Optional.of(new Privacy.Cap(cap, delta, perJob, attestation))
        : Optional.empty();
  }

  private void distinct(YamlFields f, String field, List<String> values) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < values.size(); i++) {
      if (!seen.add(values.get(i))) {
        findings.add(f.where(field, i), Code.POLICY_DUPLICATE, values.get(i) + " stands twice");
      }
    }
  }
}
