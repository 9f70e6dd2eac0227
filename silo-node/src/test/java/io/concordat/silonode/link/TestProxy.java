package io.concordat.silonode.link;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A small CONNECT proxy as hospitals have them: may ask for a password, may open TLS and change
 * what passes, may be slow, may cut lines.
 */
final class TestProxy implements AutoCloseable {
  private static final Randomness RANDOM = new SystemRandomness();
  private static final int PART = 4096;

  private final ServerSocket listening;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> targets = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong upward = new AtomicLong();

  /** {@code user:password}, if the proxy asks. */
  volatile Optional<String> login = Optional.empty();

  /** Opens TLS: the root it shows, and what it does to bytes that go up. */
  volatile Optional<CertificateAuthority> inspecting = Optional.empty();

  volatile List<X509Certificate> trusted = List.of();
  volatile UnaryOperator<byte[]> change = UnaryOperator.identity();

  /** Cuts each line after so many bytes upwards; negative for never. */
  volatile long cutAfter = -1;

  /** Waits so long before each part of 4 KiB. */
  volatile long millisPerPart;

  TestProxy() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.submit(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Targets of CONNECT so far, with the status that each was answered. */
  List<String> targets() {
    return List.copyOf(targets);
  }

  /** Bytes that went up so far. */
  long upward() {
    return upward.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket caller = listening.accept();
        threads.submit(() -> serve(caller));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket caller) {
    try (caller) {
      while (true) {
        String head = head(caller.getInputStream());
        String[] first = head.lines().findFirst().orElse("").split(" ", -1);
        if (first.length != 3 || !first[0].equals("CONNECT")) {
          answer(caller, "405 Only CONNECT", "");
          return;
        }
        if (login.isPresent() && !head.contains(expected(login.get()))) {
          targets.add(first[1] + " 407");
          answer(caller, "407 Who are you", "Proxy-Authenticate: Basic realm=\"hospital\"\r\n");
          continue;
        }
        targets.add(first[1] + " 200");
        int colon = first[1].lastIndexOf(':');
        String host = first[1].substring(0, colon);
        int port = Integer.parseInt(first[1].substring(colon + 1));
        try (Socket target = new Socket(host, port)) {
          answer(caller, "200 Connected", "");
          if (inspecting.isPresent()) {
            open(caller, target, host, port, inspecting.get());
          } else {
            pump(caller, target, UnaryOperator.identity());
          }
        }
        return;
      }
    } catch (IOException | DecodeException | InterruptedException ended) {
      // The line is gone; that is what this proxy is for.
    }
  }

  private static String expected(String login) {
    return "Proxy-Authorization: Basic "
        + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the caller went away");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void answer(Socket caller, String status, String fields) throws IOException {
    boolean body = !status.startsWith("200");
    caller
        .getOutputStream()
        .write(
            ("HTTP/1.1 "
                    + status
                    + "\r\n"
                    + fields
                    + (body ? "Content-Length: 0\r\n" : "")
                    + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
  }

  private void open(
      Socket caller, Socket target, String host, int port, CertificateAuthority authority)
      throws IOException, DecodeException, InterruptedException {
    TlsKey key = TlsKey.generate(RANDOM);
    X509Certificate shown =
        authority.issueServer(
            CertificateRequest.create(key, "inspector"),
            List.of(host),
            Instant.now(),
            CertificateAuthority.LEAF_LIFE,
            RANDOM);
    SSLContext server =
        TlsContexts.mutual(new TlsIdentity(key, List.of(shown)), List.of(authority.certificate()));
    try (SSLSocket inner = (SSLSocket) server.getSocketFactory().createSocket(caller, null, false);
        SSLSocket outer =
            (SSLSocket)
                TlsContexts.client(trusted)
                    .getSocketFactory()
                    .createSocket(target, host, port, false)) {
      inner.setUseClientMode(false);
      inner.startHandshake();
      outer.startHandshake();
      pump(inner, outer, change);
    }
  }

  private void pump(Socket caller, Socket target, UnaryOperator<byte[]> up)
      throws InterruptedException {
    Thread down =
        Thread.ofVirtual()
            .start(() -> copy(target, caller, UnaryOperator.identity(), new AtomicLong(), -1));
    copy(caller, target, up, upward, cutAfter);
    down.join();
  }

  private void copy(
      Socket from, Socket to, UnaryOperator<byte[]> change, AtomicLong count, long cut) {
    try (from;
        to) {
      byte[] part = new byte[PART];
      long passed = 0;
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int got;
      while ((got = in.read(part)) >= 0) {
        if (millisPerPart > 0) {
          Thread.sleep(millisPerPart);
        }
        out.write(change.apply(java.util.Arrays.copyOf(part, got)));
        out.flush();
        passed += got;
        count.addAndGet(got);
        if (cut >= 0 && passed >= cut) {
          return;
        }
      }
    } catch (IOException | InterruptedException ended) {
      // Closed below on both sides.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }
}
