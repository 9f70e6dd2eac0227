package io.concordat.privacy.vector;

/**
 * A histogram over patients in which each patient weighs at most {@code unitsPerPatient}
 * altogether, so that one patient moves it by at most that much in L1 norm and therefore in L2
 * norm.
 *
 * <p>A patient with several rows spreads the weight: each row gets floor(unitsPerPatient/rows)
 * units.
 */
public final class CellCounts {

  private final long unitsPerPatient;
  private final long[] counts;

  public CellCounts(int cells, long unitsPerPatient) {
    if (cells < 1 || unitsPerPatient < 1) {
      throw new IllegalArgumentException("cells and units must be positive");
    }
    this.unitsPerPatient = unitsPerPatient;
    this.counts = new long[cells];
  }

  /**
   * Adds one patient.
   *
   * @param cellOfRow the cell of each row of this patient, all in range
   */
  public void addPatient(int... cellOfRow) {
    if (cellOfRow.length == 0) {
      return;
    }
    long weight = unitsPerPatient / cellOfRow.length;
    for (int cell : cellOfRow) {
      counts[cell] += weight;
    }
  }

  /** The counts, with their sensitivity. */
  public BoundedSum take() {
    return new BoundedSum(counts.clone(), unitsPerPatient);
  }
}
