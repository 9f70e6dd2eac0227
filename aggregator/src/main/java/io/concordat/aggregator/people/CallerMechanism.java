package io.concordat.aggregator.people;

import io.concordat.aggregator.problem.ProblemException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.credential.TokenCredential;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out who calls: below {@code /node/} only a node's signature and certificate count,
 * elsewhere only a bearer token.
 *
 * <p>The two never mix: a node opens no page of people, and a token taken from a data scientist's
 * shell history opens no node endpoint.
 */
@ApplicationScoped
public class CallerMechanism implements HttpAuthenticationMechanism {
  private static final String BEARER = "Bearer ";

  /** A token has 47 characters; longer strings are not worth a look-up. */
  private static final int MAX_TOKEN_CHARS = 128;

  private final NodeCaller nodes;

  CallerMechanism(NodeCaller nodes) {
    this.nodes = nodes;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identities) {
    if (context.normalizedPath().startsWith("/node/")) {
      return node(context);
    }
    String header = context.request().getHeader("Authorization");
    if (header == null && context.normalizedPath().startsWith("/log/")) {
      return node(context);
    }
    if (header == null
        || header.length() > BEARER.length() + MAX_TOKEN_CHARS
        || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Uni.createFrom().optional(Optional.empty());
    }
    String token = header.substring(BEARER.length()).trim();
    return identities.authenticate(
        new TokenAuthenticationRequest(new TokenCredential(token, "bearer")));
  }

  private Uni<SecurityIdentity> node(RoutingContext context) {
    try {
      return Uni.createFrom().optional(nodes.identity(context.request()));
    } catch (ProblemException refused) {
      return Uni.createFrom().failure(new AuthenticationFailedException(refused));
    }
  }

  /** Before the framework's own reading of client certificates, which knows no institutions. */
  @Override
  public int getPriority() {
    return 3 * DEFAULT_PRIORITY;
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom()
        .item(new ChallengeData(401, "WWW-Authenticate", "Bearer realm=\"concordat\""));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(TokenAuthenticationRequest.class);
  }
}
