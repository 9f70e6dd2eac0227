package io.concordat.aggregator.people;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.Federation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.homes.HomeLock;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.request.ReplayWindow;
import io.concordat.protocol.request.RequestCheck;
import io.concordat.protocol.request.RequestHead;
import io.concordat.protocol.request.RequestVerifier;
import io.quarkus.runtime.Startup;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Finds out which node calls: by the signature on the request, and by the certificate of its
 * connection, which must name the same institution.
 *
 * <p>A connection without certificate is accepted for the institutions that the settings name only:
 * their networks open TLS on the way, and a certificate cannot get through.
 *
 * <p>Made when the service starts, before its port opens. Nonces of earlier processes are unknown,
 * so what was signed up to the second in which this process took the home's lock is refused; the
 * second is waited out here, so that whoever finds the port open signs late enough.
 */
@Startup
@ApplicationScoped
public class NodeCaller {
  /** The identity's attribute with the digest that the body must have. */
  static final String BODY = "concordat.body";

  private static final List<String> FIELDS =
      List.of("signature-input", "signature", "content-digest");

  /** Where a connection's session keeps what its certificate says, read once. */
  private static final String CERTIFIED = "concordat.certified";

  /**
   * What a connection's certificate says; whether it still counts is asked at each request.
   *
   * @param institution empty if it is no node's of this federation
   */
  private record Certified(X509Certificate certificate, Digest key, Optional<String> institution) {}

  private final NodeRoster roster;
  private final RefusedCalls refusals;
  private final RequestVerifier verifier;
  private final String federation;
  private final Set<String> inspected;
  private final InstantSource clock;

  NodeCaller(
      Federation federation,
      NodeRoster roster,
      RefusedCalls refusals,
      AggregatorSettings settings,
      InstantSource clock) {
    this.roster = roster;
    this.refusals = refusals;
    this.federation = federation.policy().federation();
    this.inspected = Set.copyOf(settings.node().inspected().orElse(List.of()));
    this.clock = clock;
    this.verifier =
        new RequestVerifier(
            this.federation,
            roster::institution,
            new ReplayWindow(settings.node().clockTolerance(), began(clock)));
  }

  /**
   * Since when no other process can have taken requests here: since this one holds the home's lock.
   * Returns when that second is over.
   */
  private static Instant began(InstantSource clock) {
    String locked = System.getProperty(HomeLock.TAKEN_AT);
    Instant began = locked == null ? clock.instant() : Instant.parse(locked);
    Duration rest =
        Duration.between(clock.instant(), Instant.ofEpochSecond(began.getEpochSecond() + 1));
    // A clock that was set back meanwhile must not hold the start up.
    if (rest.isPositive() && rest.compareTo(Duration.ofSeconds(1)) <= 0) {
      try {
        Thread.sleep(rest);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
    return began;
  }

  /**
   * The node, if this is one.
   *
   * @return empty if nothing about the connection or the request speaks of a node
   * @throws ProblemException if it means to be one and is not recognised
   */
  Optional<SecurityIdentity> identity(HttpServerRequest request) {
    Optional<Certified> certificate = certified(request.connection().sslSession());
    boolean signed = request.headers().contains("Signature-Input");
    if (certificate.isEmpty() && !signed) {
      return Optional.empty();
    }
    Optional<String> certified = certificate.flatMap(Certified::institution);
    RequestCheck check =
        certificate
            .map(this::check)
            .orElse(Optional.empty())
            .<RequestCheck>map(RequestCheck.Refused::new)
            .orElseGet(() -> verifier.check(head(request), clock.instant()));
    Refusal refusal;
    switch (check) {
      case RequestCheck.Accepted accepted -> {
        Optional<Refusal> other = door(accepted, certificate.isPresent(), certified);
        if (other.isEmpty()) {
          return Optional.of(node(accepted, certificate));
        }
        refusal = other.get();
      }
      case RequestCheck.Refused refused -> refusal = refused.reason();
    }
    refusals.note(certified, refusal);
    throw new ProblemException(refusal);
  }

  /** The certificate by itself: TLS has verified its chain when the connection was made. */
  private Optional<Refusal> check(Certified certified) {
    if (roster.revoked(certified.key())) {
      return Optional.of(
          Refusal.of(
              Code.AUTH_REVOKED, "the certificate with key " + certified.key() + " was revoked"));
    }
    X509Certificate certificate = certified.certificate();
    Instant now = clock.instant();
    // A connection may be older than the certificate's last day.
    return Certificates.validAt(certificate, now)
        ? Optional.empty()
        : Optional.of(
            Refusal.of(
                Code.AUTH_EXPIRED,
                "the certificate is valid from "
                    + certificate.getNotBefore().toInstant()
                    + " until "
                    + certificate.getNotAfter().toInstant()
                    + ", here it is "
                    + now));
  }

  private Optional<Refusal> door(
      RequestCheck.Accepted accepted, boolean certificate, Optional<String> certified) {
    if (roster.revoked(NodeRoster.digest(accepted.key()))) {
      return Optional.of(
          Refusal.of(Code.AUTH_REVOKED, "the node key " + accepted.key() + " was revoked"));
    }
    if (!certificate && !inspected.contains(accepted.institution())) {
      return Optional.of(
          Refusal.of(
              Code.AUTH_FAILED,
              "no client certificate of the federation's authority arrived; if a proxy opens TLS on the way, the operator adds "
                  + accepted.institution()
                  + " to concordat.node.inspected"));
    }
    if (certificate && !certified.equals(Optional.of(accepted.institution()))) {
      return Optional.of(
          Refusal.of(
              Code.AUTH_FAILED,
              "the certificate is of "
                  + certified.orElse("no node of this federation")
                  + ", the request is signed by "
                  + accepted.institution()));
    }
    return Optional.empty();
  }

  private static SecurityIdentity node(
      RequestCheck.Accepted accepted, Optional<Certified> certificate) {
    Set<Digest> keys = new HashSet<>();
    keys.add(NodeRoster.digest(accepted.key()));
    certificate.map(Certified::key).ifPresent(keys::add);
    QuarkusSecurityIdentity.Builder identity =
        QuarkusSecurityIdentity.builder()
            .setPrincipal(accepted::institution)
            .addRole(Roles.NODE)
            .addAttribute(NodeRoster.KEYS, Set.copyOf(keys));
    accepted.body().ifPresent(digest -> identity.addAttribute(BODY, digest));
    return identity.build();
  }

  private static RequestHead head(HttpServerRequest request) {
    Map<String, List<String>> fields = new java.util.TreeMap<>();
    for (String field : FIELDS) {
      List<String> values = request.headers().getAll(field);
      if (!values.isEmpty()) {
        fields.put(field, values);
      }
    }
    String authority = request.authority() == null ? "" : request.authority().toString();
    return RequestHead.of(request.method().name(), authority, request.uri(), fields);
  }

  private Optional<Certified> certified(@org.jspecify.annotations.Nullable SSLSession session) {
    if (session == null) {
      return Optional.empty();
    }
    if (session.getValue(CERTIFIED) instanceof Certified known) {
      return Optional.of(known);
    }
    try {
      Certificate[] chain = session.getPeerCertificates();
      if (chain.length > 0 && chain[0] instanceof X509Certificate own) {
        Certified read =
            new Certified(
                own, Certificates.keyDigest(own), NodeCertificate.institution(own, federation));
        session.putValue(CERTIFIED, read);
        return Optional.of(read);
      }
      return Optional.empty();
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }
}
