package io.concordat.client.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The API for people of one aggregator. Thread-safe. Answers are JSON trees as the OpenAPI document
 * of the aggregator describes them.
 */
public final class FederationClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final URI server;
  private final @Nullable String token;
  private final HttpClient http;

  /**
   * @param server base address, such as {@code https://aggregator.example:8443}
   * @param token bearer token, or null for what needs none
   * @param tls trust in the federation's certificate authority
   */
  public FederationClient(URI server, @Nullable String token, SSLContext tls) {
    if (!"https".equals(server.getScheme())) {
      throw new IllegalArgumentException("server " + server + ": an https address is needed");
    }
    this.server = server;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .sslContext(tls)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
  }

  public URI server() {
    return server;
  }

  /** The federation: policy in force, institutions, log size. */
  public JsonNode federation() throws ProblemException, UnreachableException {
    return get("/api/v1/federation");
  }

  public JsonNode get(String path) throws ProblemException, UnreachableException {
    return read(send(request(path).GET().build()));
  }

  /** An answer's very text, for what is signed. */
  public String text(String path) throws ProblemException, UnreachableException {
    HttpResponse<InputStream> response = send(request(path).GET().build());
    if (response.statusCode() / 100 != 2) {
      read(response);
    }
    try (InputStream body = response.body()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UnreachableException("the answer broke off", e);
    }
  }

  /** Posts JSON with a fresh idempotency key, so that a repeat by a proxy does nothing twice. */
  public JsonNode post(String path, JsonNode body) throws ProblemException, UnreachableException {
    return read(
        send(
            request(path)
                .header("content-type", "application/json")
                .header("idempotency-key", UUID.randomUUID().toString())
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build()));
  }

  /** Puts JSON; the same again changes nothing. */
  public JsonNode put(String path, JsonNode body) throws ProblemException, UnreachableException {
    return read(
        send(
            request(path)
                .header("content-type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build()));
  }

  public void delete(String path) throws ProblemException, UnreachableException {
    read(send(request(path).DELETE().build()));
  }

  /** All pages of a list, in order. */
  public List<JsonNode> all(String path) throws ProblemException, UnreachableException {
    List<JsonNode> items = new ArrayList<>();
    String next = path;
    while (next != null) {
      JsonNode page = get(next);
      page.path("items").forEach(items::add);
      JsonNode cursor = page.get("next");
      next =
          cursor == null || cursor.isNull()
              ? null
              : path
                  + (path.contains("?") ? "&" : "?")
                  + "after="
                  + URLEncoder.encode(cursor.asText(), StandardCharsets.UTF_8);
    }
    return items;
  }

  /**
   * Submits a job file with the submitter's signature; with {@code dryRun} nothing is started and
   * the answer tells the price.
   */
  public JsonNode submit(String file, String submitter, String signature, boolean dryRun)
      throws ProblemException, UnreachableException {
    ObjectNode body = JSON.createObjectNode();
    body.put("file", file);
    body.put("submitter", submitter);
    body.put("signature", signature);
    return post("/api/v1/jobs" + (dryRun ? "?dryRun=true" : ""), body);
  }

  /**
   * Follows a job's events from the first on until the job has ended or {@code more} answers false.
   * A broken connection is taken up again where it broke.
   */
  public void follow(String job, Predicate<JsonNode> more)
      throws ProblemException, UnreachableException {
    String last = null;
    int failures = 0;
    while (true) {
      HttpRequest.Builder request =
          request("/api/v1/jobs/" + job + "/events").header("accept", "text/event-stream");
      request.timeout(Duration.ofHours(24));
      if (last != null) {
        request.header("last-event-id", last);
      }
      HttpResponse<InputStream> response = send(request.GET().build());
      if (response.statusCode() / 100 != 2) {
        read(response);
      }
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        StringBuilder data = new StringBuilder();
        String line;
        while ((line = lines.readLine()) != null) {
          if (line.startsWith("id:")) {
            last = line.substring(3).strip();
          } else if (line.startsWith("data:")) {
            data.append(line.substring(5).strip());
          } else if (line.isEmpty() && !data.isEmpty()) {
            JsonNode event = parse(data.toString());
            data.setLength(0);
            failures = 0;
            if (!more.test(event)) {
              return;
            }
          }
        }
        // The server closes the stream when the job has ended; an open job's stream broke on the
        // way.
        String state = get("/api/v1/jobs/" + job).path("state").asText();
        if (List.of("Succeeded", "Failed", "Cancelled", "Refused").contains(state)) {
          return;
        }
      } catch (IOException broken) {
        if (++failures > 5) {
          throw new UnreachableException(
              "the event stream of job " + job + " keeps breaking", broken);
        }
      }
    }
  }

  /** Downloads to a file that appears only when it is whole. */
  public void download(String path, Path target) throws ProblemException, UnreachableException {
    HttpResponse<InputStream> response = send(request(path).GET().build());
    if (response.statusCode() / 100 != 2) {
      read(response);
    }
    try (InputStream body = response.body()) {
      Path parent = target.toAbsolutePath().getParent();
      Files.createDirectories(parent);
      Path part = Files.createTempFile(parent, target.getFileName().toString(), ".part");
      try {
        Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new UnreachableException(
          "downloading " + path + " to " + target + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT);
    if (token != null) {
      builder.header("authorization", "Bearer " + token);
    }
    return builder;
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws UnreachableException {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw new UnreachableException(server + " does not answer: is the aggregator running?", e);
    } catch (SSLException e) {
      throw new UnreachableException(
          server + ": no trusted connection (" + e.getMessage() + "); is --ca the federation's?",
          e);
    } catch (IOException e) {
      throw new UnreachableException(server + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreachableException("interrupted while waiting for " + server, e);
    }
  }

  private static JsonNode read(HttpResponse<InputStream> response)
      throws ProblemException, UnreachableException {
    String text;
    try (InputStream body = response.body()) {
      text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UnreachableException("the answer broke off", e);
    }
    if (response.statusCode() / 100 == 2) {
      return text.isBlank() ? JSON.createObjectNode() : parse(text);
    }
    throw problem(response.statusCode(), text);
  }

  /** The problem that an answer which is no success tells of. */
  public static ProblemException problem(int status, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      if (node != null && node.isObject()) {
        String sentence =
            node.path("detail").asText(node.path("title").asText("the server refused"));
        JsonNode hint = node.get("hint");
        return new ProblemException(
            status,
            node.path("code").asText("http." + status),
            sentence,
            where(node.path("where")),
            hint == null || hint.isNull() ? null : hint.asText());
      }
    } catch (JsonProcessingException notJson) {
      // Something between us and the aggregator answered; its status is all that can be said.
    }
    String sentence =
        switch (status) {
          case 401 -> "no valid token was given";
          case 403 -> "this token's role may not do that";
          case 404 -> "there is nothing of that name";
          default -> "the server answered with status " + status;
        };
    return new ProblemException(status, "http." + status, sentence, null, null);
  }

  private static @Nullable String where(JsonNode where) {
    if (!where.isObject()) {
      return null;
    }
    StringBuilder text = new StringBuilder(where.path("file").asText(""));
    for (String part : List.of("line", "column")) {
      if (where.hasNonNull(part)) {
        text.append(text.isEmpty() ? "" : ":").append(where.get(part).asText());
      }
    }
    if (where.hasNonNull("field")) {
      text.append(text.isEmpty() ? "" : " ").append(where.get("field").asText());
    }
    return text.isEmpty() ? null : text.toString();
  }

  private static JsonNode parse(String text) throws UnreachableException {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new UnreachableException("the server's answer is not JSON", e);
    }
  }
}
