package io.concordat.aggregator.people;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.aggregator.round.Federation;
import io.concordat.protocol.policy.Person;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * Gives a person whom the institutions' identity provider signed in the roles that the policy names
 * for their groups, and no other.
 *
 * <p>Whatever the framework made roles of is dropped: a group that happens to be called {@code
 * operator} or {@code node} at some provider must not become that role here.
 */
@ApplicationScoped
public class IssuedIdentities implements SecurityIdentityAugmentor {
  private static final int MAX_GROUPS = 1000;

  private final Federation federation;
  private final List<String> path;

  IssuedIdentities(Federation federation, AggregatorSettings settings) {
    this.federation = federation;
    this.path = List.of(settings.oidc().groupsClaim().split("/", -1));
  }

  @Override
  public Uni<SecurityIdentity> augment(
      SecurityIdentity identity, AuthenticationRequestContext context) {
    if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
      return Uni.createFrom().item(identity);
    }
    QuarkusSecurityIdentity.Builder person = QuarkusSecurityIdentity.builder().setPrincipal(token);
    Set<String> groups = groups(token);
    for (Person rule : federation.policy().people()) {
      if (rule.issuer().equals(token.getIssuer()) && groups.contains(rule.group())) {
        person.addRole(rule.role().text());
      }
    }
    return Uni.createFrom().item(person.build());
  }

  /** The groups claim, which may lie deeper, as in {@code realm_access/roles}. */
  private Set<String> groups(JsonWebToken token) {
    @Nullable Object at = token.getClaim(path.getFirst());
    for (String step : path.subList(1, path.size())) {
      at = at instanceof JsonObject object ? object.get(step) : null;
    }
    Set<String> groups = new HashSet<>();
    if (at instanceof JsonArray array) {
      for (JsonValue value : array.subList(0, Math.min(array.size(), MAX_GROUPS))) {
        if (value instanceof JsonString text) {
          groups.add(text.getString());
        }
      }
    } else if (at instanceof Iterable<?> texts) {
      texts.forEach(text -> groups.add(String.valueOf(text)));
    }
    return groups;
  }
}
