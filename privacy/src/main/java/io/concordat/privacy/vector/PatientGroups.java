package io.concordat.privacy.vector;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which rows belong to one person. All rows of a patient make one example: one coin, one gradient,
 * one clip. Clipping row by row would let a patient with k rows move the sum by k clips.
 */
public final class PatientGroups {

  private final int[][] rows;

  private PatientGroups(int[][] rows) {
    this.rows = rows;
  }

  /**
   * Groups rows by the value of the policy's person column; patients in order of first appearance.
   */
  public static PatientGroups byId(List<String> personOfRow) {
    Map<String, List<Integer>> byPerson = new LinkedHashMap<>();
    for (int row = 0; row < personOfRow.size(); row++) {
      byPerson.computeIfAbsent(personOfRow.get(row), _ -> new ArrayList<>()).add(row);
    }
    int[][] rows = new int[byPerson.size()][];
    int patient = 0;
    for (List<Integer> own : byPerson.values()) {
      rows[patient++] = own.stream().mapToInt(Integer::intValue).toArray();
    }
    return new PatientGroups(rows);
  }

  /** Number of patients. */
  public int patients() {
    return rows.length;
  }

  /** The rows of one patient, ascending. */
  public int[] rows(int patient) {
    return rows[patient].clone();
  }

  /**
   * The mean of the row gradients of one patient: the patient's gradient, still to be clipped.
   *
   * @param rowGradients one gradient a row of the whole table
   */
  public double[] meanGradient(int patient, double[][] rowGradients) {
    int[] own = rows[patient];
    double[] mean = new double[rowGradients[own[0]].length];
    for (int row : own) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += rowGradients[row][j];
      }
    }
    for (int j = 0; j < mean.length; j++) {
      mean[j] /= own.length;
    }
    return mean;
  }
}
