package io.concordat.silonode.datasets;

import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Policy;
import io.concordat.silonode.records.CsvRecords;
import io.concordat.silonode.records.ReadReport;
import io.concordat.silonode.records.SiloRecords;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What became of each configured dataset. Immutable. */
public final class LoadedDatasets {
  private static final int MAX_FILES = 1000;

  private final SortedMap<String, State> states;

  private LoadedDatasets(SortedMap<String, State> states) {
    this.states = Collections.unmodifiableSortedMap(states);
  }

  /** A configured dataset after reading. */
  public sealed interface State {
    /** Sentences for the operator, each with file and line. */
    List<String> findings();

    /**
     * Usable.
     *
     * @param leftOut rows that did not satisfy the schema
     */
    record Loaded(SiloRecords records, long leftOut, List<String> findings) implements State {}

    /** Takes no part; the findings say why. */
    record Unusable(List<String> findings) implements State {}
  }

  /**
   * Reads every configured dataset.
   *
   * @param files by dataset id
   * @param siloSecret keys the hold-out hash
   */
  public static LoadedDatasets read(
      Map<String, List<Path>> files, Policy policy, byte[] siloSecret) {
    SortedMap<String, State> states = new TreeMap<>();
    files.forEach((id, paths) -> states.put(id, readOne(id, paths, policy, siloSecret)));
    return new LoadedDatasets(states);
  }

  private static State readOne(String id, List<Path> paths, Policy policy, byte[] siloSecret) {
    Optional<Dataset> dataset = policy.dataset(id);
    if (dataset.isEmpty()) {
      return new State.Unusable(
          List.of("concordat.datasets." + id + ": the policy has no such dataset"));
    }
    if (paths.isEmpty() || paths.size() > MAX_FILES) {
      return new State.Unusable(
          List.of(
              "concordat.datasets."
                  + id
                  + ".files: expected 1 to "
                  + MAX_FILES
                  + " files, found "
                  + paths.size()));
    }
    CsvRecords.Outcome outcome = CsvRecords.read(paths, dataset.get());
    ReadReport report = outcome.report();
    return switch (outcome) {
      case CsvRecords.Outcome.Refused _ -> new State.Unusable(report.sentences());
      case CsvRecords.Outcome.Read(var table, var _) -> {
        SiloRecords records = SiloRecords.split(table, siloSecret);
        List<String> findings = new ArrayList<>(report.sentences());
        int least = policy.cohort().minPatientsPerSilo();
        if (records.patients() < least) {
          findings.addFirst(
              report.file() + ": the policy asks for at least " + least + " patients");
          yield new State.Unusable(List.copyOf(findings));
        }
        if (records.patients() > dataset.get().maxPatientsPerSilo()) {
          findings.addFirst(
              report.file()
                  + ": the policy allows at most "
                  + dataset.get().maxPatientsPerSilo()
                  + " patients");
          yield new State.Unusable(List.copyOf(findings));
        }
        yield new State.Loaded(records, report.leftOut(), List.copyOf(findings));
      }
    };
  }

  /** All configured datasets. */
  public SortedMap<String, State> states() {
    return states;
  }

  /** The records of a dataset, if they may be used. */
  public Optional<SiloRecords> records(String dataset) {
    return states.get(dataset) instanceof State.Loaded loaded
        ? Optional.of(loaded.records())
        : Optional.empty();
  }
}
