package io.concordat.aggregator.config;

import io.concordat.homes.database.DriverByUrl;

/** SQLite or PostgreSQL, as the address says. */
public final class ServiceDriver extends DriverByUrl {
  public ServiceDriver() {
    super(new org.sqlite.JDBC(), new org.postgresql.Driver());
  }
}
