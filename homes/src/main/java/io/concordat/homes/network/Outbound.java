package io.concordat.homes.network;

import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Makes the one kind of HTTP client that leaves an institution. */
public final class Outbound {
  private static final String DISABLED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private Outbound() {}

  /**
   * Lets the JDK answer a proxy that asks for basic authentication on CONNECT. To be called before
   * the first HTTP client of the process is made; the JDK reads the property once.
   *
   * <p>The JDK leaves it off because the password crosses the institution's own network in the
   * clear. That is the network's choice, and the password opens the proxy only.
   */
  public static void allowBasicOnConnect() {
    if (System.getProperty(DISABLED_SCHEMES) == null) {
      System.setProperty(DISABLED_SCHEMES, "");
    }
  }

  public static HttpClient client(SSLContext tls, Optional<ProxyAddress> proxy) {
    allowBasicOnConnect();
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .executor(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("link-", 0).factory()))
            .sslContext(tls);
    if (proxy.isPresent()) {
      // Unresolved: whether the proxy's name is found is seen at each connection, not once.
      builder.proxy(
          ProxySelector.of(
              InetSocketAddress.createUnresolved(proxy.get().host(), proxy.get().port())));
      proxy.get().user().ifPresent(user -> builder.authenticator(login(proxy.get(), user)));
    }
    return builder.build();
  }

  private static Authenticator login(ProxyAddress proxy, String user) {
    return new Authenticator() {
      @Override
      protected @Nullable PasswordAuthentication getPasswordAuthentication() {
        // Only the proxy itself is answered: a server that asks gets nothing.
        return getRequestorType() == RequestorType.PROXY
                && proxy.host().equalsIgnoreCase(getRequestingHost())
                && proxy.port() == getRequestingPort()
            ? new PasswordAuthentication(user, proxy.password().toCharArray())
            : null;
      }
    };
  }
}
