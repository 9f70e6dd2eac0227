package io.concordat.aggregator.people;

import io.concordat.homes.TokenText;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Optional;

/** Looks a bearer token up by its digest. A revoked token is refused by the very next request. */
@ApplicationScoped
public class TokenIdentities implements IdentityProvider<PersonalTokenRequest> {
  private final InstantSource clock;

  TokenIdentities(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Class<PersonalTokenRequest> getRequestType() {
    return PersonalTokenRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      PersonalTokenRequest request, AuthenticationRequestContext context) {
    return context.runBlocking(() -> identity(request.token()));
  }

  private SecurityIdentity identity(String token) {
    // The look-up compares digests, so its timing tells an attacker about SHA-256 outputs, not
    // about tokens.
    Optional<TokenEntity> row =
        QuarkusTransaction.requiringNew()
            .call(() ->
                TokenEntity.<TokenEntity>find("sha256", TokenText.digest(token))
                    .firstResultOptional());
    TokenEntity found =
        row.filter(entity -> entity.validAt(clock.millis()))
            .orElseThrow(AuthenticationFailedException::new);
    return QuarkusSecurityIdentity.builder()
        .setPrincipal(() -> found.name)
        .addRole(found.role)
        .addAttribute("token", found.id)
        .build();
  }
}
