package io.concordat.privacy.budget;

/**
 * Whose budget: the persons in one column of one silo. A person in several datasets of a silo has
 * one account.
 *
 * @param silo the silo's id in the policy
 * @param personColumn the column that names the person
 */
public record Account(String silo, String personColumn) implements Comparable<Account> {

  @Override
  public int compareTo(Account other) {
    int bySilo = silo.compareTo(other.silo);
    return bySilo != 0 ? bySilo : personColumn.compareTo(other.personColumn);
  }

  @Override
  public String toString() {
    return silo + "/" + personColumn;
  }
}
