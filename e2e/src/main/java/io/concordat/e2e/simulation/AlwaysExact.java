package io.concordat.e2e.simulation;

import io.concordat.privacy.vector.ExactDecision;

/** Powers of two are nobody's secret: the simulation may seal them as they are. */
record AlwaysExact() implements ExactDecision {
  @Override
  public String dataset() {
    return "powers";
  }

  @Override
  public String job() {
    return "simulation";
  }

  @Override
  public boolean exactSumsAllowed() {
    return true;
  }
}
