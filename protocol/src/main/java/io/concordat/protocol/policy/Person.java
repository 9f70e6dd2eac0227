package io.concordat.protocol.policy;

import java.util.Arrays;
import java.util.Optional;

/**
 * Who may act as what.
 *
 * @param issuer the identity provider, an https address; never fetched because a job says so
 * @param group the group at that provider
 */
public record Person(PersonRole role, String issuer, String group) {
  public Person {
    Ids.check(!issuer.isBlank() && !group.isBlank(), "a person rule names issuer and group");
  }

  /** Roles of people, as tokens and identity providers name them. */
  public enum PersonRole {
    DATA_SCIENTIST("data-scientist"),
    COMPLIANCE_OFFICER("compliance-officer"),
    OPERATOR("operator");

    private final String text;

    PersonRole(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public static Optional<PersonRole> byText(String text) {
      return Arrays.stream(values()).filter(r -> r.text.equals(text)).findFirst();
    }
  }
}
