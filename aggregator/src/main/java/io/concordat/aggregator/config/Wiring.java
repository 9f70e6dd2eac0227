package io.concordat.aggregator.config;

import io.concordat.crypto.random.Randomness;
import io.concordat.homes.AggregatorHome;
import io.concordat.homes.Home;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;

/** The only place where the system's clock and randomness enter. */
final class Wiring {
  @Produces
  @Singleton
  InstantSource clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Randomness randomness() {
    return new SecureRandom()::nextBytes;
  }

  @Produces
  @Singleton
  Home home(AggregatorSettings settings) {
    return new Home(settings.home());
  }

  @Produces
  @Singleton
  AggregatorHome aggregatorHome(Home home) {
    return new AggregatorHome(home);
  }
}
