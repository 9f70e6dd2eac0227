package io.concordat.protocol.ledger;

import io.concordat.crypto.bulk.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What everybody derives from a signed job and its pinned policy, the same everywhere.
 *
 * @param federation the federation that the job names
 * @param name the job's name, for people
 * @param dataset the dataset's id
 * @param noised whether every vector of it is noised
 * @param stepPrices price of each of the job's planned openings, in order, in billionths of rho at
 *     the cap's order, rounded up; zeros for exact jobs. Its length is the number of openings.
 * @param program the public half
 * @param template the model graph that it runs, if it runs one that had to be reviewed
 */
public record JobTerms(
    String federation,
    String name,
    String dataset,
    boolean noised,
    List<Long> stepPrices,
    Program program,
    Optional<Digest> template) {
  /** A job whose model is one of the built-in ones. */
  public JobTerms(
      String federation,
      String name,
      String dataset,
      boolean noised,
      List<Long> stepPrices,
      Program program) {
    this(federation, name, dataset, noised, stepPrices, program, Optional.empty());
  }

  public JobTerms {
    stepPrices = List.copyOf(stepPrices);
    if (stepPrices.isEmpty()) {
      throw new IllegalArgumentException("a job has at least one opening");
    }
    for (long price : stepPrices) {
      if (price < 0 || (price == 0) == noised) {
        throw new IllegalArgumentException("noised openings have a price, exact ones have none");
      }
    }
  }

  /** How many openings the job takes in all. */
  public int steps() {
    return stepPrices.size();
  }

  /** Price of the openings from {@code step} on. */
  public long priceFrom(int step) {
    long total = 0;
    for (int i = step; i < stepPrices.size(); i++) {
      total = Math.addExact(total, stepPrices.get(i));
    }
    return total;
  }
}
