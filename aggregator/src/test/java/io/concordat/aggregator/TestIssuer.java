package io.concordat.aggregator;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** An identity provider as Keycloak is one: a discovery document, its keys, signed tokens. */
final class TestIssuer implements AutoCloseable {
  static final String ISSUER = "https://id.cardio-demo.example/realms/research";

  private final HttpServer http;
  private final RsaJsonWebKey key;

  TestIssuer() throws IOException, JoseException {
    key = key();
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    serve(
        "/.well-known/openid-configuration",
        "{\"issuer\":\"%s\",\"jwks_uri\":\"%s/certs\",\"token_endpoint\":\"%s/token\"}"
            .formatted(ISSUER, address(), address()));
    serve("/certs", new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
    http.start();
  }

  static RsaJsonWebKey key() throws JoseException {
    RsaJsonWebKey made = RsaJwkGenerator.generateJwk(2048);
    made.setKeyId("k1");
    return made;
  }

  private void serve(String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    http.createContext(
        path,
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }

  String address() {
    return "http://localhost:" + http.getAddress().getPort();
  }

  /** A token of this issuer for a member of these groups. */
  String token(String subject, List<String> groups) throws JoseException {
    return token(key, ISSUER, subject, "concordat", 10, groups);
  }

  static String token(
      RsaJsonWebKey key,
      String issuer,
      String subject,
      String audience,
      int minutes,
      List<String> groups)
      throws JoseException {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(issuer);
    claims.setSubject(subject);
    claims.setAudience(audience);
    NumericDate now = NumericDate.now();
    claims.setIssuedAt(now);
    claims.setExpirationTime(NumericDate.fromSeconds(now.getValue() + minutes * 60L));
    // As Keycloak nests a realm's roles.
    claims.setClaim("realm_access", Map.of("roles", groups));
    // What a provider may hand out, and what must not count by itself.
    claims.setClaim("groups", List.of("operator", "node", "compliance-officer"));
    JsonWebSignature jws = new JsonWebSignature();
    jws.setPayload(claims.toJson());
    jws.setKey(key.getPrivateKey());
    jws.setKeyIdHeaderValue(key.getKeyId());
    jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    return jws.getCompactSerialization();
  }

  RsaJsonWebKey signingKey() {
    return key;
  }

  @Override
  public void close() {
    http.stop(0);
  }
}
