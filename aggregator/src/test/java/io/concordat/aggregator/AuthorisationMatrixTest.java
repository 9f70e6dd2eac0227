package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every endpoint, found in the compiled resources, times every kind of caller. An endpoint without
 * a row here fails, and so does a row without an endpoint. Whose an object is, {@link
 * ForeignObjectsTest} asks.
 */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class AuthorisationMatrixTest {
  private static final String SCIENTIST = "data-scientist";
  private static final String OFFICER = "compliance-officer";
  private static final String OPERATOR = "operator";
  private static final String NODE = "node";
  private static final Set<String> PEOPLE = Set.of(SCIENTIST, OFFICER, OPERATOR);

  private static final String FOREIGN = Digests.sha256("nobody's").hex();
  private static final Set<Integer> OK = Set.of(200, 204);
  private static final Set<Integer> UNKNOWN = Set.of(404);
  private static final Set<Integer> BAD = Set.of(400);

  /**
   * What an endpoint is for.
   *
   * @param roles who may call it
   * @param target the path with foreign objects in its places
   * @param body what is sent, if anything
   * @param answers what a caller with the role is answered
   */
  private record Row(
      Set<String> roles, String target, @Nullable String body, Set<Integer> answers) {}

  private static final Map<String, Row> ROWS = rows();

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new TreeMap<>();
    String ask = "/" + FOREIGN;
    rows.put("GET /api/v1/federation", new Row(PEOPLE, "/api/v1/federation", null, OK));
    rows.put("GET /api/v1/datasets", new Row(PEOPLE, "/api/v1/datasets", null, OK));
    rows.put("GET /api/v1/policies/current", new Row(PEOPLE, "/api/v1/policies/current", null, OK));
    rows.put("POST /api/v1/jobs", new Row(Set.of(SCIENTIST), "/api/v1/jobs", "{}", BAD));
    rows.put("GET /api/v1/jobs", new Row(PEOPLE, "/api/v1/jobs", null, OK));
    rows.put("GET /api/v1/jobs/{id}", new Row(PEOPLE, "/api/v1/jobs" + ask, null, UNKNOWN));
    rows.put(
        "POST /api/v1/jobs/{id}/cancel",
        new Row(Set.of(SCIENTIST, OPERATOR), "/api/v1/jobs" + ask + "/cancel", "{}", UNKNOWN));
    rows.put(
        "GET /api/v1/jobs/{id}/rounds",
        new Row(PEOPLE, "/api/v1/jobs" + ask + "/rounds", null, UNKNOWN));
    rows.put(
        "GET /api/v1/jobs/{id}/events",
        new Row(PEOPLE, "/api/v1/jobs" + ask + "/events", null, UNKNOWN));
    rows.put("GET /api/v1/policies", new Row(PEOPLE, "/api/v1/policies", null, OK));
    rows.put(
        "POST /api/v1/policies",
        new Row(Set.of(OFFICER, OPERATOR), "/api/v1/policies", "{}", Set.of(400, 422)));
    rows.put("GET /api/v1/freezes", new Row(PEOPLE, "/api/v1/freezes", null, OK));
    // A freeze carries its own signature; whoever brings it does not matter.
    rows.put("POST /api/v1/freezes", new Row(PEOPLE, "/api/v1/freezes", "{}", Set.of(400, 422)));
    rows.put("GET /api/v1/templates", new Row(PEOPLE, "/api/v1/templates", null, OK));
    rows.put(
        "GET /api/v1/templates/{sha256}",
        new Row(PEOPLE, "/api/v1/templates" + ask, null, UNKNOWN));
    rows.put(
        "POST /api/v1/templates",
        new Row(Set.of(SCIENTIST), "/api/v1/templates", "{}", Set.of(400, 422)));
    rows.put("GET /api/v1/budget", new Row(PEOPLE, "/api/v1/budget", null, OK));
    Set<String> readers = Set.of(SCIENTIST, OFFICER);
    rows.put(
        "GET /api/v1/releases/{id}/claims",
        new Row(readers, "/api/v1/releases" + ask + "/claims", null, UNKNOWN));
    rows.put(
        "GET /api/v1/releases/{id}/claims.html",
        new Row(readers, "/api/v1/releases" + ask + "/claims.html", null, UNKNOWN));
    rows.put("GET /api/v1/releases", new Row(readers, "/api/v1/releases", null, OK));
    rows.put(
        "GET /api/v1/releases/{id}", new Row(readers, "/api/v1/releases" + ask, null, UNKNOWN));
    rows.put(
        "GET /api/v1/releases/{id}/model",
        new Row(readers, "/api/v1/releases" + ask + "/model", null, UNKNOWN));
    Set<String> auditors = Set.of(OFFICER, OPERATOR);
    rows.put("GET /api/v1/audit/entries", new Row(auditors, "/api/v1/audit/entries", null, OK));
    rows.put("GET /api/v1/audit/pack", new Row(auditors, "/api/v1/audit/pack", null, OK));
    rows.put(
        "GET /api/v1/audit/pack/{path:.+}",
        new Row(auditors, "/api/v1/audit/pack/keys/log.key", null, Set.of(400, 404)));
    Set<String> operators = Set.of(OPERATOR);
    rows.put("GET /api/v1/tokens", new Row(operators, "/api/v1/tokens", null, OK));
    rows.put("POST /api/v1/tokens", new Row(operators, "/api/v1/tokens", "{}", BAD));
    rows.put(
        "DELETE /api/v1/tokens/{id}", new Row(operators, "/api/v1/tokens" + ask, null, UNKNOWN));
    rows.put("GET /api/v1/enrolments", new Row(operators, "/api/v1/enrolments", null, OK));
    rows.put("POST /api/v1/enrolments", new Row(operators, "/api/v1/enrolments", "{}", BAD));
    rows.put(
        "GET /api/v1/enrolments/{id}/request",
        new Row(operators, "/api/v1/enrolments" + ask + "/request", null, UNKNOWN));
    rows.put(
        "PUT /api/v1/enrolments/{id}/certificate",
        new Row(
            operators,
            "/api/v1/enrolments" + ask + "/certificate",
            "{\"certificate\":\"x\"}",
            UNKNOWN));
    rows.put("GET /api/v1/revocations", new Row(operators, "/api/v1/revocations", null, OK));
    rows.put("POST /api/v1/revocations", new Row(operators, "/api/v1/revocations", "{}", BAD));
    Set<String> everyone = Set.of(SCIENTIST, OFFICER, OPERATOR, NODE);
    rows.put("GET /log/checkpoint", new Row(everyone, "/log/checkpoint", null, Set.of(200, 404)));
    rows.put(
        "GET /log/manifest/{digest}",
        new Row(everyone, "/log/manifest/" + "0".repeat(64), null, UNKNOWN));
    rows.put("GET /log/tile/{path:.+}", new Row(everyone, "/log/tile/0/x999/999", null, UNKNOWN));
    Set<String> nodes = Set.of(NODE);
    rows.put("GET /node/v1/work", new Row(nodes, "/node/v1/work?after=0.0&wait=0", null, OK));
    rows.put("POST /node/v1/work", new Row(nodes, "/node/v1/work?after=0.0&wait=0", "{}", OK));
    rows.put("POST /node/v1/statements", new Row(nodes, "/node/v1/statements", "{}", BAD));
    String contribution = "/node/v1/contributions/" + FOREIGN;
    rows.put(
        "PUT /node/v1/contributions/{digest}/chunks/{index}",
        new Row(nodes, contribution + "/chunks/0", "x", UNKNOWN));
    rows.put("GET /node/v1/contributions/{digest}", new Row(nodes, contribution, null, UNKNOWN));
    rows.put(
        "GET /node/v1/contributions/{digest}/ciphertext",
        new Row(nodes, contribution + "/ciphertext", null, UNKNOWN));
    String round = "/node/v1/rounds/" + FOREIGN;
    rows.put("GET /node/v1/rounds/{manifest}/sum", new Row(nodes, round + "/sum", null, UNKNOWN));
    rows.put(
        "GET /node/v1/rounds/{manifest}/opening",
        new Row(nodes, round + "/opening", null, UNKNOWN));
    rows.put(
        "GET /node/v1/policies/{version}", new Row(nodes, "/node/v1/policies/999", null, UNKNOWN));
    rows.put("PUT /node/v1/probe", new Row(nodes, "/node/v1/probe", "x", OK));
    rows.put("PUT /node/v1/certificate", new Row(nodes, "/node/v1/certificate", "{}", BAD));
    rows.put("GET /node/v1/certificate", new Row(nodes, "/node/v1/certificate", null, OK));
    // The token of an invitation is all that counts here; without one nobody gets anything.
    rows.put("PUT /enrol/v1/request", new Row(Set.of(), "/enrol/v1/request", "{}", Set.of()));
    rows.put(
        "GET /enrol/v1/certificate", new Row(Set.of(), "/enrol/v1/certificate", null, Set.of()));
    return rows;
  }

  private final TestFederation federation = AggregatorHomeResource.federation();
  private final TestIssuer issuer = AggregatorHomeResource.issuer();

  @Inject HttpServer server;

  @Test
  void everyEndpointHasARow() throws Exception {
    assertThat(ROWS.keySet()).isEqualTo(endpoints());
  }

  @Test
  void everyCallerGetsWhatItsRoleGives() throws Exception {
    List<String> faults = new ArrayList<>();
    int cells = 0;
    for (Map.Entry<String, Caller> caller : callers().entrySet()) {
      for (Map.Entry<String, Row> row : ROWS.entrySet()) {
        cells++;
        int status = caller.getValue().call(row.getKey(), row.getValue());
        boolean allowed = row.getValue().roles().contains(caller.getValue().role());
        boolean right =
            allowed ? row.getValue().answers().contains(status) : Set.of(401, 403).contains(status);
        if (!right) {
          faults.add(caller.getKey() + ", " + row.getKey() + ": " + status);
        }
      }
    }
    assertThat(faults).isEmpty();
    assertThat(cells).isEqualTo(ROWS.size() * callers().size());
  }

  /** Resources as compiled; nobody can forget to list one. */
  static Set<String> endpoints() throws IOException, ClassNotFoundException {
    java.nio.file.Path classes = java.nio.file.Path.of("target", "classes");
    Set<String> found = new TreeSet<>();
    List<java.nio.file.Path> files;
    try (Stream<java.nio.file.Path> all = Files.walk(classes)) {
      files = all.filter(file -> file.toString().endsWith(".class")).toList();
    }
    for (java.nio.file.Path file : files) {
      String name =
          classes.relativize(file).toString().replace('/', '.').replaceAll("[.]class$", "");
      if (!name.startsWith("io.concordat.aggregator.")) {
        continue;
      }
      Class<?> type = Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      Path root = type.getAnnotation(Path.class);
      if (root == null) {
        continue;
      }
      for (Method method : type.getDeclaredMethods()) {
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (verb != null) {
            Path below = method.getAnnotation(Path.class);
            found.add(
                verb.value() + " " + root.value() + (below == null ? "" : "/" + below.value()));
          }
        }
      }
    }
    assertThat(found).as("resources in " + classes.toAbsolutePath()).hasSizeGreaterThan(20);
    // So that this test does not silently look for fewer verbs than there are.
    assertThat(Stream.of(GET.class, POST.class, PUT.class, DELETE.class))
        .allMatch(verb -> verb.isAnnotationPresent(HttpMethod.class));
    return found;
  }

  private interface Call {
    HttpRequest.Builder request(String method, String target, byte @Nullable [] body);
  }

  private record Caller(String role, SSLContext tls, Call call) {
    int call(String endpoint, Row row) throws IOException, InterruptedException {
      String method = endpoint.substring(0, endpoint.indexOf(' '));
      byte[] body = row.body() == null ? null : row.body().getBytes(StandardCharsets.US_ASCII);
      boolean bulk = endpoint.contains("/chunks/") || endpoint.contains("/probe");
      try (HttpClient http =
          HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build()) {
        HttpResponse<Void> answer =
            http.send(
                call.request(method, row.target(), body)
                    .header("Content-Type", bulk ? "application/octet-stream" : "application/json")
                    .build(),
                BodyHandlers.discarding());
        return answer.statusCode();
      }
    }
  }

  private Map<String, Caller> callers() throws Exception {
    String base = "https://localhost:" + server.getSecurePort();
    SSLContext person = federation.person();
    Map<String, Caller> callers = new LinkedHashMap<>();
    callers.put(
        "nobody",
        new Caller("", person, (method, target, body) -> Signed.plain(base, method, target, body)));
    Map<String, String> tokens = new LinkedHashMap<>();
    tokens.put("ada", SCIENTIST);
    tokens.put("carl", OFFICER);
    tokens.put("olga", OPERATOR);
    for (Map.Entry<String, String> holder : tokens.entrySet()) {
      String token = Objects.requireNonNull(federation.tokens.get(holder.getKey()));
      callers.put("token of " + holder.getKey(), bearer(holder.getValue(), base, person, token));
    }
    callers.put("unknown token", bearer("", base, person, "cct_" + "A".repeat(43)));
    Map<String, String> groups =
        Map.of("scientists", SCIENTIST, "dpo", OFFICER, "it", OPERATOR, "strangers", "");
    for (Map.Entry<String, String> group : groups.entrySet()) {
      callers.put(
          "issued to " + group.getKey(),
          bearer(group.getValue(), base, person, issuer.token("p", List.of(group.getKey()))));
    }
    callers.put(
        "node",
        new Caller(
            NODE,
            federation.node("budapest"),
            (method, target, body) ->
                Signed.request(TestFederation.signer("budapest"), base, method, target, body)));
    callers.put(
        "certificate without signature",
        new Caller(
            "",
            federation.node("budapest"),
            (method, target, body) -> Signed.plain(base, method, target, body)));
    callers.put(
        "signature of another institution",
        new Caller(
            "",
            federation.node("budapest"),
            (method, target, body) ->
                Signed.request(TestFederation.signer("cleveland"), base, method, target, body)));
    return callers;
  }

  private static Caller bearer(String role, String base, SSLContext tls, String token) {
    return new Caller(
        role,
        tls,
        (method, target, body) ->
            Signed.plain(base, method, target, body).header("Authorization", "Bearer " + token));
  }
}
