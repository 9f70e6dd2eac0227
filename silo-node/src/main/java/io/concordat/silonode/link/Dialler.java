package io.concordat.silonode.link;

import io.concordat.homes.network.Outbound;
import io.concordat.homes.network.ProxyAddress;
import io.concordat.homes.network.TlsTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Holds the HTTP client that connections are made with, and lets the node's TLS identity change
 * under a running job: new requests use the new one, those on their way end on the old.
 */
public final class Dialler implements AutoCloseable {
  private final Optional<ProxyAddress> proxy;
  private HttpClient http;

  /**
   * @param tls the node's identity, and the roots that may have certified the aggregator
   * @param proxy the institution's proxy, if connections go through one
   */
  public Dialler(SSLContext tls, Optional<ProxyAddress> proxy) {
    this.proxy = proxy;
    this.http = Outbound.client(tls, proxy);
  }

  private synchronized HttpClient client() {
    return http;
  }

  HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
    try {
      return client().send(request, BodyHandlers.ofInputStream());
    } catch (IOException failed) {
      Optional<String> tls = TlsTrouble.of(failed);
      if (tls.isPresent()) {
        throw new IOException(tls.get(), failed);
      }
      throw failed;
    }
  }

  /** Uses another identity or other roots from now on. */
  public void use(SSLContext tls) {
    HttpClient before;
    synchronized (this) {
      before = http;
      http = Outbound.client(tls, proxy);
    }
    // Accepts nothing new and ends when its last answer was read.
    before.shutdown();
  }

  @Override
  public synchronized void close() {
    http.shutdownNow();
  }
}
