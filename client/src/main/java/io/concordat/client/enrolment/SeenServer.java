package io.concordat.client.enrolment;

import io.concordat.homes.network.ProxyAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Looks at what answers at an address, through the proxy if there is one, and at the certificate it
 * shows. Nothing is sent after the handshake, so it may be anybody's.
 */
final class SeenServer {
  private static final int MILLIS = 10_000;
  private static final int MAX_HEAD_BYTES = 16 << 10;

  private SeenServer() {}

  /**
   * What was seen.
   *
   * @param chain own certificate first; empty if TLS did not come about
   */
  record Outcome(
      boolean proxyOk, String proxyWords, List<X509Certificate> chain, String tlsWords) {}

  static Outcome look(String host, int port, Optional<ProxyAddress> proxy) {
    String proxyWords = "";
    try (Socket plain = new Socket()) {
      plain.setSoTimeout(MILLIS);
      InetSocketAddress to =
          proxy
              .map(address -> new InetSocketAddress(address.host(), address.port()))
              .orElseGet(() -> new InetSocketAddress(host, port));
      try {
        plain.connect(to, MILLIS);
        if (proxy.isPresent()) {
          String status = connect(plain, host + ":" + port, proxy.get());
          proxyWords = proxy.get() + " answers CONNECT " + host + ":" + port + " with " + status;
          if (!status.matches("HTTP/1\\.[01] 200.*")) {
            return new Outcome(false, proxyWords, List.of(), "the proxy lets nothing through");
          }
        }
      } catch (IOException away) {
        String words = to + " cannot be reached: " + away.getMessage();
        return new Outcome(proxy.isEmpty(), words, List.of(), words);
      }
      return new Outcome(true, proxyWords, handshake(plain, host, port), "");
    } catch (IOException | GeneralSecurityException failed) {
      return new Outcome(
          true, proxyWords, List.of(), "no TLS with " + host + ": " + failed.getMessage());
    }
  }

  private static String connect(Socket socket, String target, ProxyAddress proxy)
      throws IOException {
    StringBuilder head =
        new StringBuilder("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n");
    proxy
        .user()
        .ifPresent(user ->
            head.append("Proxy-Authorization: Basic ")
                .append(
                    Base64.getEncoder()
                        .encodeToString(
                            (user + ":" + proxy.password()).getBytes(StandardCharsets.UTF_8)))
                .append("\r\n"));
    socket
        .getOutputStream()
        .write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    StringBuilder answer = new StringBuilder();
    InputStream in = socket.getInputStream();
    // Byte by byte: what follows the head belongs to TLS.
    while (answer.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0 || answer.length() > MAX_HEAD_BYTES) {
        throw new IOException("the proxy's answer breaks off");
      }
      answer.append((char) next);
    }
    return answer.substring(0, answer.indexOf("\r\n"));
  }

  private static List<X509Certificate> handshake(Socket plain, String host, int port)
      throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, null);
    try (SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
      tls.startHandshake();
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : tls.getSession().getPeerCertificates()) {
        chain.add((X509Certificate) certificate);
      }
      return chain;
    }
  }

  /** Lets the handshake end whoever answers: it is looked at, not spoken to. */
  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new IllegalStateException("this side never serves");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      // See the class comment.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
