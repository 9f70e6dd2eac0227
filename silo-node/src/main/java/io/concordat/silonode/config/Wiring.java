package io.concordat.silonode.config;

import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.Home;
import io.concordat.homes.SiloHome;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
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
    return new SystemRandomness();
  }

  @Produces
  @Singleton
  Home home(SiloSettings settings) {
    return new Home(settings.home());
  }

  @Produces
  @Singleton
  SiloHome siloHome(Home home) {
    return new SiloHome(home);
  }
}
