package io.concordat.e2e.flow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.demo.ServiceProcess;
import io.concordat.client.http.FederationTls;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.ConsoleInit;
import io.concordat.homes.SiloHome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** A node's console as its institution's own scripts call it. */
final class Console implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String url;
  private final String token;
  private final HttpClient http;

  private Console(String url, String token, HttpClient http) {
    this.url = url;
    this.token = token;
    this.http = http;
  }

  /** Status and body of an answer. */
  record Answer(int status, JsonNode body) {
    String code() {
      return body.path("code").asText();
    }
  }

  /** A new token for a running node's console, and a connection that trusts the node's own CA. */
  static Console of(ServiceProcess node) throws IOException, InterruptedException {
    return with(
        node, new ConsoleInit(new SiloHome(node.home()), new SystemRandomness()).newToken());
  }

  /** The same with a token that was made before. */
  static Console with(ServiceProcess node, String token) throws IOException, InterruptedException {
    SiloHome silo = new SiloHome(node.home());
    HttpClient http =
        HttpClient.newBuilder()
            .sslContext(FederationTls.trusting(silo.consoleAuthorityFile()))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    return new Console(node.awaitReady().url(), token, http);
  }

  /** The same console for somebody with another token, or with none. */
  Console as(String other) {
    return new Console(url, other, http);
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  Answer post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /** The status that an endpoint, method and path, answers; what is posted to it is empty. */
  int call(String endpoint) throws IOException, InterruptedException {
    String path = endpoint.substring(endpoint.indexOf(' ') + 1);
    return (endpoint.startsWith("GET ") ? get(path) : post(path, "{}")).status();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(60));
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    boolean json = answer.headers().firstValue("Content-Type").orElse("").contains("json");
    return new Answer(
        answer.statusCode(), json ? JSON.readTree(answer.body()) : JSON.createObjectNode());
  }

  @Override
  public void close() {
    http.close();
  }
}
