package io.concordat.homes.database;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC driver that hands each address to the one of its drivers that knows it. The pool of a
 * service is built for one driver class; with this one its database is chosen when it starts.
 */
public abstract class DriverByUrl implements Driver {
  private final List<Driver> drivers;

  protected DriverByUrl(Driver... drivers) {
    this.drivers = List.of(drivers);
  }

  private @Nullable Driver driver(String url) throws SQLException {
    for (Driver driver : drivers) {
      if (driver.acceptsURL(url)) {
        return driver;
      }
    }
    return null;
  }

  @Override
  public @Nullable Connection connect(String url, Properties info) throws SQLException {
    Driver driver = driver(url);
    if (driver == null) {
      throw new SQLException(
          "no driver here for " + url + "; expected jdbc:sqlite:... or jdbc:postgresql:...");
    }
    return driver.connect(url, info);
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    return driver(url) != null;
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
    Driver driver = driver(url);
    return driver == null ? new DriverPropertyInfo[0] : driver.getPropertyInfo(url, info);
  }

  @Override
  public int getMajorVersion() {
    return 1;
  }

  @Override
  public int getMinorVersion() {
    return 0;
  }

  @Override
  public boolean jdbcCompliant() {
    return false;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }
}
