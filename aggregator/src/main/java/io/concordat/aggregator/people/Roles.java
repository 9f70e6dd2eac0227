package io.concordat.aggregator.people;

import java.util.Set;

/** The words that {@code @RolesAllowed} uses. */
public final class Roles {
  public static final String DATA_SCIENTIST = "data-scientist";
  public static final String COMPLIANCE_OFFICER = "compliance-officer";
  public static final String OPERATOR = "operator";

  /** Only a node's certificate gives this; no token can. */
  public static final String NODE = "node";

  /** Roles that a token may carry. */
  public static final Set<String> OF_PEOPLE = Set.of(DATA_SCIENTIST, COMPLIANCE_OFFICER, OPERATOR);

  private Roles() {}
}
