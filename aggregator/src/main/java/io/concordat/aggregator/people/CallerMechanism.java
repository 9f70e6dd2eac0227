package io.concordat.aggregator.people;

import io.concordat.aggregator.problem.ProblemException;
import io.concordat.homes.TokenText;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
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
    if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return Uni.createFrom().optional(Optional.empty());
    }
    String token = header.substring(BEARER.length()).trim();
    // Anything else may be an identity provider's; the next mechanism looks at it, if one is set
    // up.
    return token.startsWith(TokenText.PREFIX)
        ? identities.authenticate(new PersonalTokenRequest(token))
        : Uni.createFrom().optional(Optional.empty());
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
    return Set.of(PersonalTokenRequest.class);
  }
}
