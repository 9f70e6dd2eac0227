package io.concordat.aggregator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.contribution.Fetcher;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.request.RequestSigner;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The requests of a node in a test, signed as a node signs them. */
final class NodeRequests implements Fetcher, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String base;
  private final RequestSigner signer;
  private final HttpClient http;

  NodeRequests(String base, RequestSigner signer, SSLContext tls) {
    this.base = base;
    this.signer = signer;
    http = HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
  }

  /** The answer to a poll from this cursor on. */
  HttpResponse<byte[]> work(String from) throws IOException, InterruptedException {
    return http.send(
        request("GET", "/node/v1/work?wait=5&after=" + from, null).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  /** Why a statement was not taken; empty if it was. */
  Optional<Refusal> statement(ObjectNode body) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            request("POST", "/node/v1/statements", JSON.writeValueAsBytes(body))
                .header("Content-Type", "application/json")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return refusal(answer);
  }

  /** Why a chunk was not taken; empty if it was. */
  Optional<Refusal> chunk(String path, byte[] chunk) throws IOException, InterruptedException {
    return refusal(
        http.send(
            request("PUT", path, chunk).header("Content-Type", "application/octet-stream").build(),
            HttpResponse.BodyHandlers.ofString()));
  }

  private static Optional<Refusal> refusal(HttpResponse<String> answer) throws IOException {
    if (answer.statusCode() / 100 == 2) {
      return Optional.empty();
    }
    if (answer.statusCode() >= 500) {
      throw new IOException("status " + answer.statusCode());
    }
    var problem = JSON.readTree(answer.body());
    return Optional.of(
        Refusal.of(
            Code.byText(problem.path("code").asText()).orElse(Code.REQUEST_MALFORMED),
            problem.path("detail").asText()));
  }

  private HttpRequest.Builder request(String method, String target, byte @Nullable [] body) {
    return Signed.request(signer, base, method, target, body).timeout(Duration.ofSeconds(60));
  }

  @Override
  public InputStream sum(Digest manifest) throws IOException {
    return stream("/node/v1/rounds/" + manifest.hex() + "/sum");
  }

  @Override
  public WorkItem.Opening opening(Digest manifest) throws IOException {
    try (InputStream in = stream("/node/v1/rounds/" + manifest.hex() + "/opening")) {
      return (WorkItem.Opening) WorkItem.read(CanonicalJson.readObject(in.readAllBytes()));
    } catch (DecodeException bad) {
      throw new IOException(bad);
    }
  }

  @Override
  public InputStream ciphertext(Digest contribution) throws IOException {
    return stream("/node/v1/contributions/" + contribution.hex() + "/ciphertext");
  }

  private InputStream stream(String path) throws IOException {
    try {
      HttpResponse<InputStream> answer =
          http.send(request("GET", path, null).build(), HttpResponse.BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        throw new IOException(path + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
