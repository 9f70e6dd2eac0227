package io.concordat.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import java.util.List;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.Test;

/**
 * People by an identity provider: signed tokens, groups, and the policy that makes roles of them.
 */
@QuarkusTest
@QuarkusTestResource(AggregatorHomeResource.class)
class IssuedTokenTest {
  private final TestFederation federation = AggregatorHomeResource.federation();
  private final TestIssuer issuer = AggregatorHomeResource.issuer();

  @Inject HttpServer server;

  private int status(String token, String path) throws Exception {
    return new Person("https://localhost:" + server.getSecurePort(), federation.person(), token)
        .get(path)
        .status();
  }

  @Test
  void aGroupThatThePolicyNamesGivesItsRole() throws Exception {
    String scientist = issuer.token("ada", List.of("scientists", "others"));
    assertThat(status(scientist, "/api/v1/releases")).isEqualTo(200);
    assertThat(status(scientist, "/api/v1/audit/entries")).isEqualTo(403);
    assertThat(status(scientist, "/api/v1/tokens")).isEqualTo(403);
    String both = issuer.token("both", List.of("dpo", "it"));
    assertThat(status(both, "/api/v1/audit/entries")).isEqualTo(200);
    assertThat(status(both, "/api/v1/tokens")).isEqualTo(200);
  }

  @Test
  void aGroupThatIsCalledLikeARoleGivesNone() throws Exception {
    String token = issuer.token("eve", List.of("operator", "node", "data-scientist"));
    for (String path : List.of("/api/v1/jobs", "/api/v1/tokens", "/api/v1/federation")) {
      assertThat(status(token, path)).as(path).isEqualTo(403);
    }
    assertThat(status(token, "/node/v1/work")).isIn(401, 403);
  }

  @Test
  void aTokenOfAnotherKeyIssuerAudienceOrTimeIsRefused() throws Exception {
    List<String> groups = List.of("it");
    RsaJsonWebKey own = issuer.signingKey();
    RsaJsonWebKey other = TestIssuer.key();
    for (String token :
        List.of(
            TestIssuer.token(other, TestIssuer.ISSUER, "x", "concordat", 10, groups),
            TestIssuer.token(own, "https://elsewhere.example", "x", "concordat", 10, groups),
            TestIssuer.token(own, TestIssuer.ISSUER, "x", "another-service", 10, groups),
            TestIssuer.token(own, TestIssuer.ISSUER, "x", "concordat", -10, groups),
            issuer.token("x", groups).replaceFirst("[.][^.]*$", "."),
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
            "nonsense",
            "x".repeat(10_000))) {
      assertThat(status(token, "/api/v1/tokens")).as(token).isEqualTo(401);
    }
  }

  @Test
  void personalTokensWorkBesideIt() throws Exception {
    assertThat(status(String.valueOf(federation.tokens.get("olga")), "/api/v1/tokens"))
        .isEqualTo(200);
  }
}
