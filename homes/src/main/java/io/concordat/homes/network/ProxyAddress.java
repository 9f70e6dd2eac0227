package io.concordat.homes.network;

import java.util.Optional;

/**
 * An HTTP proxy that takes CONNECT.
 *
 * @param user for basic authentication; empty if the proxy asks for none
 * @param password belongs to the user; never printed
 */
public record ProxyAddress(String host, int port, Optional<String> user, String password) {
  private static final int MAX_PORT = 65_535;

  public ProxyAddress {
    if (host.isBlank() || port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException("a proxy is host:port, not " + host + ":" + port);
    }
  }

  /** Reads {@code host:port}. */
  public static ProxyAddress parse(String address, Optional<String> user, String password) {
    int colon = address.lastIndexOf(':');
    try {
      return new ProxyAddress(
          address.substring(0, Math.max(colon, 0)),
          Integer.parseInt(address.substring(colon + 1)),
          user,
          password);
    } catch (IllegalArgumentException bad) {
      throw new IllegalArgumentException(
          "concordat.proxy: expected host:port, found " + address, bad);
    }
  }

  @Override
  public String toString() {
    return host + ":" + port + user.map(name -> " as " + name).orElse("");
  }
}
