package io.concordat.protocol.policy;

import java.util.List;
import java.util.Optional;

/**
 * Records of one schema in every silo.
 *
 * @param person the identifier column whose rows belong to one person, or {@link #ROW} where every
 *     row is one person; all datasets with the same person column share one cap
 * @param maxPatientsPerSilo most persons that a silo may declare: the layout's bits and delta's
 *     bound follow from it
 * @param labels what models may predict
 * @param filters columns by whose value a job may select records; no others
 */
public record Dataset(
    String id,
    String person,
    int maxPatientsPerSilo,
    Holdout holdout,
    List<Column> columns,
    List<Label> labels,
    Privacy privacy,
    List<String> filters) {
  /** The person "column" of a dataset where every row is one person. */
  public static final String ROW = "row";

  public Dataset {
    Ids.checkId("dataset id", id);
    Ids.check(maxPatientsPerSilo >= 1, "maxPatientsPerSilo must be at least 1");
    columns = List.copyOf(columns);
    Ids.check(!columns.isEmpty(), "dataset " + id + " has no columns");
    Ids.checkDistinct("column", columns.stream().map(Column::name).toList());
    Ids.check(columns.stream().noneMatch(c -> c.name().equals(ROW)), "no column may be named row");
    labels = List.copyOf(labels);
    Ids.checkDistinct("label", labels.stream().map(Label::name).toList());
    filters = List.copyOf(filters);
    Ids.checkDistinct("filter", filters);
    for (Column column : columns) {
      // One identifier and one only: a second would be read, checked and serve nothing.
      Ids.check(
          column instanceof Column.Identifier == column.name().equals(person),
          "dataset " + id + ": person must name the one identifier column, or be row");
    }
    Ids.check(
        person.equals(ROW) || columns.stream().anyMatch(c -> c.name().equals(person)),
        "dataset " + id + ": the person column does not exist");
    for (Label label : labels) {
      checkValues(columns, label.column(), label.positive(), "label " + label.name());
      Ids.check(
          columns.stream().noneMatch(c -> c.name().equals(label.name())),
          "label " + label.name() + " has the name of a column");
    }
    if (holdout instanceof Holdout.ByColumn(String column, List<String> values)) {
      checkValues(columns, column, values, "holdout");
    }
    for (String filter : filters) {
      Ids.check(
          columns.stream().anyMatch(c -> c instanceof Column.Category && c.name().equals(filter)),
          "filter " + filter + " must be a category column");
    }
  }

  private static void checkValues(
      List<Column> columns, String name, List<String> values, String what) {
    for (Column column : columns) {
      if (column instanceof Column.Category category && category.name().equals(name)) {
        Ids.check(
            category.values().containsAll(values) && values.size() < category.values().size(),
            what + ": values must be some of column " + name + ", not all");
        return;
      }
    }
    throw new IllegalArgumentException(what + ": " + name + " must be a category column");
  }

  public Optional<Column> column(String name) {
    return columns.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  public Optional<Label> label(String name) {
    return labels.stream().filter(l -> l.name().equals(name)).findFirst();
  }

  /** The cap, or empty where exact sums are opened. */
  public Optional<Privacy.Cap> cap() {
    return privacy instanceof Privacy.Cap cap ? Optional.of(cap) : Optional.empty();
  }

  public boolean everyRowIsOnePerson() {
    return person.equals(ROW);
  }

  /** Datasets with the same scope share one budget; rows without an id share it with no other. */
  public String budgetScope() {
    return everyRowIsOnePerson() ? "dataset/" + id : "person/" + person;
  }
}
