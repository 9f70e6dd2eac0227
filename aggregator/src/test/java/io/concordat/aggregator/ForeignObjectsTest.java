package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.request.RequestSigner;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.WitnessInquiry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Endpoints that name an object, times callers, times whose the object is: the caller's own, a real
 * one of somebody else's, or nobody's. The objects are made by running jobs. An endpoint with a
 * place for an object and without a row here fails.
 */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class ForeignObjectsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NOBODYS = Digests.sha256("nobody's").hex();

  /** What is named in an address. */
  private enum Kind {
    JOB,
    RELEASE,
    TOKEN,
    ENROLMENT,
    PACK_FILE,
    TILE,
    OPEN_CONTRIBUTION,
    SENT_CONTRIBUTION,
    ROUND,
    VERSION,
    TEMPLATE
  }

  /**
   * What callers are answered, by role: for an object of one's own, another's, nobody's. A number
   * is a status, a word a problem's code, {@code no} any refusal of the caller whatever the object
   * is, {@code -} that this role can have no such object.
   */
  private static final List<String> TABLE =
      List.of(
          "GET /api/v1/jobs/{id} JOB scientist 200 200 job.unknown officer - 200 job.unknown operator - 200 job.unknown node - no no",
          "GET /api/v1/jobs/{id}/rounds JOB scientist 200 200 job.unknown officer - 200 job.unknown operator - 200 job.unknown node - no no",
          "GET /api/v1/releases/{id} RELEASE scientist 200 200 404 officer - 200 404 operator - no no node - no no",
          "GET /api/v1/releases/{id}/model RELEASE scientist 200 200 404 officer - 200 404 operator - no no node - no no",
          "GET /api/v1/releases/{id}/claims RELEASE scientist 200 200 404 officer - 200 404 operator - no no node - no no",
          "GET /api/v1/releases/{id}/claims.html RELEASE scientist 200 200 404 officer - 200 404 operator - no no node - no no",
          "GET /api/v1/audit/pack/{path:.+} PACK_FILE scientist - no no officer - 200 404 operator - 200 404 node - no no",
          "GET /log/tile/{path:.+} TILE scientist - 200 404 officer - 200 404 operator - 200 404 node - 200 404",
          "GET /api/v1/enrolments/{id}/request ENROLMENT scientist - no no officer - no no operator - 200 404 node - no no",
          "PUT /api/v1/enrolments/{id}/certificate ENROLMENT scientist - no no officer - no no operator - request.malformed 404 node - no no",
          "GET /node/v1/contributions/{digest} OPEN_CONTRIBUTION scientist - no no officer - no no operator - no no node 200 contribution.silo contribution.unknown",
          "PUT /node/v1/contributions/{digest}/chunks/{index} OPEN_CONTRIBUTION scientist - no no officer - no no operator - no no node contribution.length contribution.silo contribution.unknown",
          "GET /node/v1/contributions/{digest}/ciphertext SENT_CONTRIBUTION scientist - no no officer - no no operator - no no node 200 200 404",
          "GET /node/v1/rounds/{manifest}/sum ROUND scientist - no no officer - no no operator - no no node - 200 round.unknown",
          "GET /node/v1/rounds/{manifest}/opening ROUND scientist - no no officer - no no operator - no no node - 200 round.unknown",
          "GET /api/v1/templates/{sha256} TEMPLATE scientist 200 200 404 officer - 200 404 operator - 200 404 node - no no",
          "GET /log/manifest/{digest} ROUND scientist - 200 404 officer - 200 404 operator - 200 404 node - 200 404",
          "GET /node/v1/policies/{version} VERSION scientist - no no officer - no no operator - no no node - 200 404",
          // What changes something comes last: refusals first must leave the objects as they are.
          "DELETE /api/v1/tokens/{id} TOKEN scientist no no no officer no no no operator - 204 404 node - no no",
          "POST /api/v1/jobs/{id}/cancel JOB scientist 200 auth.forbidden job.unknown officer - no no operator - 200 job.unknown node - no no",
          "GET /api/v1/jobs/{id}/events JOB scientist 200 200 job.unknown officer - 200 job.unknown operator - 200 job.unknown node - no no");

  private final TestFederation federation = AggregatorHomeResource.federation();
  private final TestIssuer issuer = AggregatorHomeResource.issuer();
  private final RunningNodes running = new RunningNodes(federation, this::base);
  private final Map<String, Map<Kind, String>> own = new LinkedHashMap<>();
  private final Map<String, Map<Kind, String>> foreign = new LinkedHashMap<>();

  @Inject HttpServer server;

  private String base() {
    return "https://localhost:" + server.getSecurePort();
  }

  @AfterEach
  void stopNodes() throws InterruptedException {
    running.close();
  }

  /** Somebody who calls. */
  private record Caller(String name, String role, SSLContext tls, String token, String node) {
    static Caller person(String name, String role, SSLContext tls, String token) {
      return new Caller(name, role, tls, token, "");
    }

    static Caller node(String institution, SSLContext tls) {
      return new Caller("node of " + institution, "node", tls, "", institution);
    }

    private HttpRequest.Builder request(String base, String method, String target, String body) {
      byte[] bytes = body.isEmpty() ? null : body.getBytes(StandardCharsets.US_ASCII);
      if (!node.isEmpty()) {
        RequestSigner signer = TestFederation.signer(node);
        return Signed.request(signer, base, method, target, bytes);
      }
      return Signed.plain(base, method, target, bytes).header("Authorization", "Bearer " + token);
    }

    Answer call(String base, String method, String target, String body)
        throws IOException, InterruptedException {
      boolean bulk = target.contains("/chunks/");
      try (HttpClient http =
          HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build()) {
        HttpResponse<byte[]> answer =
            http.send(
                request(base, method, target, body)
                    .header("Content-Type", bulk ? "application/octet-stream" : "application/json")
                    .build(),
                BodyHandlers.ofByteArray());
        boolean problem =
            answer.headers().firstValue("Content-Type").orElse("").contains("problem");
        return new Answer(
            answer.statusCode(), problem ? JSON.readTree(answer.body()).path("code").asText() : "");
      }
    }
  }

  private record Answer(int status, String code) {
    boolean is(String expected) {
      return switch (expected) {
        case "no" -> status == 401 || status == 403;
        default ->
            expected.chars().allMatch(Character::isDigit)
                ? status == Integer.parseInt(expected)
                : code.equals(expected);
      };
    }
  }

  private record Cell(Caller caller, String method, String target, String expected, String what) {}

  @Test
  void everyEndpointThatNamesAnObjectHasARow() throws Exception {
    Set<String> withPlaces =
        AuthorisationMatrixTest.endpoints().stream()
            .filter(endpoint -> endpoint.contains("{"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(TABLE.stream().map(row -> row.split(" ")[0] + " " + row.split(" ")[1]))
        .containsExactlyInAnyOrderElementsOf(withPlaces);
  }

  @Test
  void everyCallerGetsOfOwnForeignAndMissingObjectsWhatTheTableSays() throws Exception {
    List<Caller> callers = objects();
    List<Cell> cells = new ArrayList<>();
    for (String row : TABLE) {
      for (Caller caller : callers) {
        cells.addAll(cells(row.split(" "), caller));
      }
    }
    // Refusals first, then what succeeds: a refused call that worked all the same would show.
    cells.sort(
        (a, b) -> Boolean.compare(a.expected().startsWith("2"), b.expected().startsWith("2")));
    List<String> faults = new ArrayList<>();
    for (Cell cell : cells) {
      String body =
          cell.target().contains("/chunks/")
              ? "x"
              : cell.target().endsWith("/certificate")
                  ? "{\"certificate\":\"x\"}"
                  : cell.method().equals("POST") ? "{}" : "";
      Answer answer = cell.caller().call(base(), cell.method(), cell.target(), body);
      if (!answer.is(cell.expected())) {
        faults.add(
            cell.caller().name() + ", " + cell.what() + ": " + cell.expected() + ", was " + answer);
      }
    }
    assertThat(faults).isEmpty();
    assertThat(cells).hasSizeGreaterThan(250);
  }

  private List<Cell> cells(String[] row, Caller caller) {
    Kind kind = Kind.valueOf(row[2]);
    int at = List.of(row).indexOf(caller.role());
    List<Cell> cells = new ArrayList<>();
    String mine = own.getOrDefault(caller.name(), Map.of()).get(kind);
    String theirs = foreign.getOrDefault(caller.name(), Map.of()).get(kind);
    if (theirs == null) {
      theirs = foreign.getOrDefault("", Map.of()).get(kind);
    }
    if (!row[at + 1].equals("-") && mine != null) {
      cells.add(cell(caller, row, mine, row[at + 1], "own"));
    }
    cells.add(
        cell(caller, row, Objects.requireNonNull(theirs, kind.name()), row[at + 2], "another's"));
    String missing =
        switch (kind) {
          case PACK_FILE -> "keys/log.key";
          case TILE -> "0/x999/999";
          case VERSION -> "999";
          default -> NOBODYS;
        };
    cells.add(cell(caller, row, missing, row[at + 3], "nobody's"));
    return cells;
  }

  private static Cell cell(
      Caller caller, String[] row, String object, String expected, String whose) {
    String target =
        row[1]
            .replaceFirst("\\{index}", "0")
            .replaceFirst("\\{[^}]+}", Matcher.quoteReplacement(object));
    return new Cell(caller, row[0], target, expected, row[0] + " " + row[1] + " of " + whose);
  }

  /** Makes one object of each kind for those who can have one. */
  private List<Caller> objects() throws Exception {
    SSLContext tls = federation.person();
    Caller ada = Caller.person("ada", "scientist", tls, token("ada"));
    JsonNode made =
        person("olga")
            .post("/api/v1/tokens", "{\"name\":\"dora\",\"role\":\"data-scientist\",\"days\":1}")
            .body();
    Caller dora = Caller.person("dora", "scientist", tls, made.path("token").asText());
    // An identity provider's subject may bear the name of somebody with a token.
    Caller namesake =
        Caller.person("issued ada", "scientist", tls, issuer.token("ada", List.of("scientists")));
    Caller carl = Caller.person("carl", "officer", tls, token("carl"));
    Caller olga = Caller.person("olga", "operator", tls, token("olga"));
    Caller budapest = Caller.node("budapest", federation.node("budapest"));
    Caller cleveland = Caller.node("cleveland", federation.node("cleveland"));

    running.start(false);
    JsonNode ended = running.ended(running.submit(person("ada")).path("id").asText());
    String release = ended.path("releaseId").asText();
    String template = running.template(person("ada"));
    // From now on budapest announces contributions and sends none: jobs stay open.
    FakeNode silent = running.node("budapest");
    silent.chunked = true;
    silent.holding = true;
    silent.headers.clear();
    FakeNode sending = running.node("cleveland");
    sending.headers.clear();
    String adas = running.submit(person("ada")).path("id").asText();
    String doras = running.submit(new Person(base(), tls, dora.token())).path("id").asText();
    String namesakes =
        running.submit(new Person(base(), tls, namesake.token())).path("id").asText();
    String another = running.submit(person("ada")).path("id").asText();
    running.until(() -> !silent.headers.isEmpty() && !sending.headers.isEmpty());
    String open = silent.headers.getFirst().digest().hex();
    String sent = sending.headers.getFirst().digest().hex();
    running.until(() ->
        cleveland.call(base(), "GET", "/node/v1/contributions/" + sent + "/ciphertext", "").status()
            == 200);

    own.put("ada", Map.of(Kind.JOB, adas, Kind.RELEASE, release, Kind.TEMPLATE, template));
    own.put("dora", Map.of(Kind.JOB, doras, Kind.TOKEN, made.path("id").asText()));
    own.put("issued ada", Map.of(Kind.JOB, namesakes));
    own.put(budapest.name(), Map.of(Kind.OPEN_CONTRIBUTION, open));
    own.put(cleveland.name(), Map.of(Kind.SENT_CONTRIBUTION, sent));

    Map<Kind, String> others = new EnumMap<>(Kind.class);
    others.put(Kind.JOB, doras);
    others.put(Kind.RELEASE, release);
    others.put(
        Kind.TOKEN,
        person("olga")
            .post("/api/v1/tokens", "{\"name\":\"spare\",\"role\":\"operator\",\"days\":1}")
            .body()
            .path("id")
            .asText());
    others.put(Kind.ENROLMENT, requested());
    others.put(Kind.PACK_FILE, packFile("policy/"));
    others.put(Kind.TILE, packFile("tile/").substring("tile/".length()));
    others.put(Kind.OPEN_CONTRIBUTION, open);
    others.put(Kind.SENT_CONTRIBUTION, sent);
    others.put(Kind.ROUND, manifest());
    others.put(Kind.VERSION, "1");
    others.put(Kind.TEMPLATE, template);
    foreign.put("", others);
    foreign.put("dora", Map.of(Kind.JOB, adas));
    foreign.put("issued ada", Map.of(Kind.JOB, adas));
    foreign.put("olga", Map.of(Kind.JOB, another));
    foreign.put(budapest.name(), Map.of(Kind.OPEN_CONTRIBUTION, sent));
    return List.of(ada, dora, namesake, carl, olga, budapest, cleveland);
  }

  private String token(String name) {
    return Objects.requireNonNull(federation.tokens.get(name));
  }

  private Person person(String name) {
    return new Person(base(), federation.person(), token(name));
  }

  private String requested() throws Exception {
    Person olga = person("olga");
    JsonNode made = olga.post("/api/v1/enrolments", "{\"institution\":\"zurich-basel\"}").body();
    String invitation = EnrolmentTest.ask(base(), federation, "zurich-basel", made);
    for (JsonNode item : olga.get("/api/v1/enrolments").body().path("items")) {
      if (item.path("fingerprint").asText().equals(invitation)) {
        return item.path("id").asText();
      }
    }
    throw new AssertionError("no such request: " + invitation);
  }

  private String packFile(String below) throws Exception {
    for (JsonNode file : person("carl").get("/api/v1/audit/pack").body().path("files")) {
      if (file.path("path").asText().startsWith(below)) {
        return file.path("path").asText();
      }
    }
    throw new AssertionError("no file below " + below);
  }

  private String manifest() throws Exception {
    Pattern named = Pattern.compile("keysums/([0-9a-f]{64})/");
    Matcher found = named.matcher(person("carl").get("/api/v1/audit/pack").text());
    String last = "";
    while (found.find()) {
      last = found.group(1);
    }
    return last;
  }

  @Test
  void aNodePostsNoStatementOfAnotherInstitution() throws Exception {
    SigningKey cleveland = TestFederation.nodeKey("cleveland");
    SigningKey budapest = TestFederation.nodeKey("budapest");
    String nonce = "00".repeat(32);
    List<SignedStatement> others =
        List.of(
            // Signed by another, whoever carries it.
            SignedStatement.sign(
                new DatasetDeclared("breast-cancer", "cleveland", 100),
                StatementSigner.of(cleveland)),
            SignedStatement.sign(
                new WitnessInquiry("cleveland", nonce), StatementSigner.of(cleveland)),
            // Signed with one's own key in another's name.
            SignedStatement.sign(
                new WitnessInquiry("cleveland", nonce), StatementSigner.of(budapest)),
            SignedStatement.sign(
                new FingerprintStated(Digests.sha256("m"), "cleveland", new byte[24]),
                StatementSigner.of(budapest)));
    Caller node = Caller.node("budapest", federation.node("budapest"));
    for (SignedStatement signed : others) {
      String body =
          JSON.createObjectNode()
              .put("type", signed.type().wireName())
              .put("statement", base64(signed.bytes()))
              .put("signature", base64(signed.signature()))
              .put("key", signed.signer().toString())
              .toString();
      Answer answer = node.call(base(), "POST", "/node/v1/statements", body);
      assertThat(answer.status()).as("%s: %s", signed.type(), answer).isEqualTo(403);
      assertThat(answer.code()).isEqualTo("statement.signer");
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
