package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many that send slowly, and bodies without measure: others are served, memory stays flat. */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class SlowClientsTest {
  private static final int CLIENTS = 1000;
  private static final long TEN_GIB = 10L << 30;
  private static final long HEAP_ROOM = 96L << 20;

  private final TestFederation federation = AggregatorHomeResource.federation();
  private final List<SSLSocket> sockets = new ArrayList<>();

  @Inject HttpServer server;

  @AfterEach
  void close() throws IOException {
    for (SSLSocket socket : sockets) {
      socket.close();
    }
  }

  private SSLSocket begin(String path, long length, String token) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            federation
                .person()
                .getSocketFactory()
                .createSocket("localhost", server.getSecurePort());
    sockets.add(socket);
    socket.setSoTimeout(20_000);
    String head =
        "POST "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Length: "
            + length
            + "\r\n\r\n{\"file\":\"";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    return socket;
  }

  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Test
  void manySlowClientsAndBodiesOfTenGibibytesCostNobodyAnAnswer() throws Exception {
    String token = Objects.requireNonNull(federation.tokens.get("ada"));
    Person ada =
        new Person("https://localhost:" + server.getSecurePort(), federation.person(), token);
    assertThat(ada.get("/api/v1/jobs").status()).isEqualTo(200);
    long before = heap();
    for (int i = 0; i < CLIENTS; i++) {
      begin("/api/v1/jobs", 30_000, token);
    }
    for (int round = 0; round < 5; round++) {
      for (SSLSocket socket : sockets) {
        socket.getOutputStream().write('x');
      }
      Instant asked = Instant.now();
      assertThat(ada.get("/api/v1/jobs").status()).isEqualTo(200);
      assertThat(ada.get("/api/v1/federation").status()).isEqualTo(200);
      assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(60));
    }
    assertThat(heap() - before).isLessThan(HEAP_ROOM);

    for (int i = 0; i < 10; i++) {
      SSLSocket huge = begin("/api/v1/jobs", TEN_GIB, token);
      byte[] answer = new byte[12];
      int read;
      try {
        read = huge.getInputStream().readNBytes(answer, 0, answer.length);
      } catch (IOException reset) {
        // Closed at once is an answer, too.
        read = 0;
      }
      assertThat(new String(answer, 0, read, StandardCharsets.US_ASCII)).isIn("HTTP/1.1 413", "");
    }
    assertThat(heap() - before).isLessThan(HEAP_ROOM);
    assertThat(ada.get("/api/v1/jobs").status()).isEqualTo(200);
  }
}
