package io.concordat.silonode.console;

import io.concordat.homes.ConsoleInit;
import io.concordat.homes.SiloHome;
import io.concordat.homes.TokenText;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** Lets in whoever has the console's token. It is compared by digest, in constant time. */
@ApplicationScoped
public class ConsoleCaller implements HttpAuthenticationMechanism {
  static final String ROLE = "console";

  private static final String BEARER = "Bearer ";

  /** A token has 47 characters; longer strings are not worth a digest. */
  private static final int MAX_TOKEN_CHARS = 128;

  private final SiloHome silo;

  ConsoleCaller(SiloHome silo) {
    this.silo = silo;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    String header = context.request().getHeader("Authorization");
    if (header == null
        || header.length() > BEARER.length() + MAX_TOKEN_CHARS
        || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        || !known(header.substring(BEARER.length()).trim())) {
      return Uni.createFrom().optional(Optional.empty());
    }
    return Uni.createFrom()
        .item(QuarkusSecurityIdentity.builder().setPrincipal(() -> ROLE).addRole(ROLE).build());
  }

  private boolean known(String token) {
    try {
      // Read each time: a new token replaces the old one at once.
      return ConsoleInit.tokenDigest(silo)
          .filter(digest ->
              MessageDigest.isEqual(
                  digest.getBytes(StandardCharsets.US_ASCII),
                  TokenText.digest(token).getBytes(StandardCharsets.US_ASCII)))
          .isPresent();
    } catch (IOException unreadable) {
      return false;
    }
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom()
        .item(new ChallengeData(401, "WWW-Authenticate", "Bearer realm=\"concordat console\""));
  }
}
