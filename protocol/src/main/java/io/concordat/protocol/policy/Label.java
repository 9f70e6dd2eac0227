package io.concordat.protocol.policy;

import java.util.List;

/**
 * A yes or no that models predict, read off a category column.
 *
 * @param column a category column of the dataset
 * @param positive the values of it that mean yes; all others mean no
 */
public record Label(String name, String column, List<String> positive) {
  public Label {
    Ids.check(Ids.isColumnName(name), "a label name is a letter, then letters, digits, _");
    positive = List.copyOf(positive);
    Ids.check(!positive.isEmpty(), "label " + name + " needs a positive value");
    Ids.checkDistinct("positive value of label " + name, positive);
  }
}
