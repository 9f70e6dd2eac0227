package io.concordat.privacy.budget;

/**
 * One round of one job. A retry is another round and is charged again.
 *
 * @param job digest of the job's signed bytes
 * @param round its number
 */
public record RoundKey(String job, long round) implements Comparable<RoundKey> {

  @Override
  public int compareTo(RoundKey other) {
    int byJob = job.compareTo(other.job);
    return byJob != 0 ? byJob : Long.compare(round, other.round);
  }

  @Override
  public String toString() {
    return job + "#" + round;
  }
}
