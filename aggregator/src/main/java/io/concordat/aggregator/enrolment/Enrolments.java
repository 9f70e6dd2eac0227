package io.concordat.aggregator.enrolment;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.aggregator.people.NodeRoster;
import io.concordat.aggregator.people.RevokedKeyEntity;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.NodeName;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.AggregatorHome;
import io.concordat.homes.AggregatorInit;
import io.concordat.homes.TokenText;
import io.concordat.homes.enrolment.Bootstrap;
import io.concordat.homes.enrolment.CertificateAsk;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.Notice;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Keeps the papers of enrolment in order. Every step may be asked for twice. */
@ApplicationScoped
public class Enrolments {
  /** A renewal that nobody answered is asked for again by the node. */
  private static final Duration RENEWAL_LIFE = Duration.ofDays(30);

  private static final int SECRET_BYTES = 32;

  private final Federation federation;
  private final NodeRoster roster;
  private final RoundDriver driver;
  private final AggregatorHome home;
  private final AggregatorSettings settings;
  private final HttpServer server;
  private final Randomness randomness;
  private final InstantSource clock;

  Enrolments(
      Federation federation,
      NodeRoster roster,
      RoundDriver driver,
      AggregatorHome home,
      AggregatorSettings settings,
      HttpServer server,
      Randomness randomness,
      InstantSource clock) {
    this.federation = federation;
    this.roster = roster;
    this.driver = driver;
    this.home = home;
    this.settings = settings;
    this.server = server;
    this.randomness = randomness;
    this.clock = clock;
  }

  /** An invitation's file and the fingerprint to read over the telephone. */
  public record Invitation(byte[] file, Bootstrap bootstrap) {}

  /** Makes an invitation for one institution; whoever was invited before keeps theirs. */
  public Invitation invite(String institution) throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    randomness.fill(secret);
    String token = TokenText.of(secret);
    Policy policy = federation.policy();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Bootstrap bootstrap =
        new Bootstrap(
            policy.federation(),
            institution,
            URI.create("https://" + settings.host() + ":" + server.getSecurePort()),
            Files.readString(home.home().authorityFile(), StandardCharsets.US_ASCII),
            policy.log().keys(),
            policy.version(),
            policy.digest(),
            token,
            now.plus(Bootstrap.LIFE));
    SigningKey key = AggregatorInit.readLogKey(home);
    byte[] file;
    try {
      file = bootstrap.sign(key.verifyingKey(), key::sign);
    } finally {
      key.destroy();
    }
    EnrolmentEntity row = new EnrolmentEntity();
    row.id =
        UUID.nameUUIDFromBytes(TokenText.digest(token).getBytes(StandardCharsets.US_ASCII))
            .toString();
    row.kind = EnrolmentEntity.INVITATION;
    row.institution = institution;
    row.tokenSha256 = TokenText.digest(token);
    row.createdAt = now.toEpochMilli();
    row.expiresAt = bootstrap.expires().toEpochMilli();
    QuarkusTransaction.requiringNew().run(row::persist);
    return new Invitation(file, bootstrap);
  }

  /**
   * Takes the one request that a token is good for; the same request again is answered alike.
   *
   * @throws ProblemException if the token is unknown, used, or has expired
   */
  public void request(String token, byte[] json) {
    CertificateAsk ask = ask(json);
    inOneGo(() -> {
      EnrolmentEntity row = invitation(token);
      requireName(ask, row.institution);
      String digest = Digests.sha256(json).hex();
      if (row.requestSha256 != null && !row.requestSha256.equals(digest)) {
        throw new ProblemException(
            Code.AUTH_FAILED, "the invitation was used for another request already");
      }
      fill(row, ask, json, digest);
      return true;
    });
  }

  /**
   * A transaction that reads and then writes what follows from it. SQLite gives up on one that
   * began by reading if another connection wrote meanwhile (SQLITE_BUSY_SNAPSHOT, at once and
   * without waiting), so this one begins as a writer: a write of nothing takes the lock first.
   */
  private static <T> T inOneGo(Callable<T> work) {
    return QuarkusTransaction.requiringNew()
        .call(() -> {
          Panache.getEntityManager()
              .createNativeQuery("update enrolments set kind = kind where id = ''")
              .executeUpdate();
          return work.call();
        });
  }

  /** The certificate for a token's request, once it was issued. */
  public Optional<String> certificate(String token) {
    return QuarkusTransaction.requiringNew()
        .call(() -> Optional.ofNullable(invitation(token).certificate));
  }

  private EnrolmentEntity invitation(String token) {
    return EnrolmentEntity.<EnrolmentEntity>find("tokenSha256", TokenText.digest(token))
        .firstResultOptional()
        .filter(row -> clock.millis() < row.expiresAt)
        .orElseThrow(() ->
            new ProblemException(
                Code.AUTH_FAILED, "the invitation is unknown or its 72 hours are over"));
  }

  private void fill(EnrolmentEntity row, CertificateAsk ask, byte[] json, String digest) {
    row.nodeKey = ask.nodeKey().toString();
    row.request = new String(json, StandardCharsets.UTF_8);
    row.requestSha256 = digest;
    if (row.requestedAt == null) {
      row.requestedAt = clock.millis();
    }
  }

  private static CertificateAsk ask(byte[] json) {
    try {
      return CertificateAsk.read(json);
    } catch (DecodeException bad) {
      throw ProblemException.malformed("request", String.valueOf(bad.getMessage()));
    }
  }

  private static void requireName(CertificateAsk ask, String institution) {
    if (!ask.request().commonName().equals(institution)) {
      throw ProblemException.malformed(
          "request",
          "it asks for " + ask.request().commonName() + ", this is " + institution + "'s");
    }
  }

  /** Takes a node's request for its next certificate; it replaces one that was not answered. */
  public void renew(String institution, byte[] json) {
    CertificateAsk ask = ask(json);
    requireName(ask, institution);
    inOneGo(() -> {
      String digest = Digests.sha256(json).hex();
      Optional<EnrolmentEntity> waiting = renewal(institution);
      if (waiting.isPresent() && digest.equals(waiting.get().requestSha256)) {
        return false;
      }
      waiting.filter(row -> row.issuedAt == null).ifPresent(EnrolmentEntity::delete);
      EnrolmentEntity row = new EnrolmentEntity();
      row.id = UUID.nameUUIDFromBytes(digest.getBytes(StandardCharsets.US_ASCII)).toString();
      row.kind = EnrolmentEntity.RENEWAL;
      row.institution = institution;
      row.createdAt = clock.millis();
      row.expiresAt = clock.instant().plus(RENEWAL_LIFE).toEpochMilli();
      fill(row, ask, json, digest);
      row.persist();
      return true;
    });
  }

  /** The newest certificate that an institution's node asked for. */
  public Optional<String> renewed(String institution) {
    return QuarkusTransaction.requiringNew()
        .call(() -> renewal(institution).map(row -> row.certificate));
  }

  private static Optional<EnrolmentEntity> renewal(String institution) {
    return EnrolmentEntity.<EnrolmentEntity>find(
            "kind = ?1 and institution = ?2 order by createdAt desc, id",
            EnrolmentEntity.RENEWAL,
            institution)
        .firstResultOptional();
  }

  /** All, newest last. */
  public List<EnrolmentEntity> list() {
    return QuarkusTransaction.requiringNew()
        .call(() -> EnrolmentEntity.list("order by createdAt, id"));
  }

  EnrolmentEntity row(String id) {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            EnrolmentEntity.<EnrolmentEntity>findByIdOptional(id)
                .orElseThrow(() -> ProblemException.unknown("enrolment", id)));
  }

  /**
   * Takes a certificate that the authority issued for a request.
   *
   * @throws ProblemException if it is not the authority's, or for another key or name
   */
  public void issue(String id, String pem) throws IOException, InterruptedException {
    EnrolmentEntity row = row(id);
    if (row.request == null) {
      throw ProblemException.malformed("certificate", "nothing was requested under " + id);
    }
    X509Certificate certificate = checked(row, pem);
    boolean first =
        QuarkusTransaction.requiringNew()
            .call(() ->
                EnrolmentEntity.update(
                        "certificate = ?1, issuedAt = ?2 where id = ?3 and issuedAt is null",
                        pem,
                        clock.millis(),
                        id)
                    == 1);
    if (first) {
      note(
          row.kind.equals(EnrolmentEntity.RENEWAL) ? "node.renewed" : "node.enrolled",
          row.institution,
          Certificates.keyDigest(certificate),
          new Notice.Fact("until", certificate.getNotAfter().toInstant().toString()));
    }
  }

  private X509Certificate checked(EnrolmentEntity row, String pem) throws IOException {
    try {
      X509Certificate own = Certificates.fromPem(pem).getFirst();
      Certificates.requireIssuedBy(
          own,
          Certificates.fromPem(
              Files.readString(home.home().authorityFile(), StandardCharsets.US_ASCII)));
      CertificateAsk ask = CertificateAsk.read(row.request.getBytes(StandardCharsets.UTF_8));
      NodeName name = NodeName.of(own);
      if (!name.institution().equals(row.institution)
          || !name.federation().equals(federation.policy().federation())
          || !Certificates.shortFingerprint(own).equals(ask.request().shortFingerprint())) {
        throw new DecodeException("it is not for the key and the name that were asked for");
      }
      if (!Certificates.validAt(own, clock.instant())) {
        throw new DecodeException(
            "it is valid until "
                + own.getNotAfter().toInstant()
                + ", now it is "
                + clock.instant());
      }
      return own;
    } catch (DecodeException bad) {
      throw ProblemException.malformed("certificate", String.valueOf(bad.getMessage()));
    }
  }

  /**
   * Closes the door to a key; the very next request with it is refused.
   *
   * @param reason one of the words that {@link RevocationResource} takes
   */
  public void revoke(String institution, Digest key, String reason) throws InterruptedException {
    boolean first =
        inOneGo(() -> {
          if (RevokedKeyEntity.findByIdOptional(key.hex()).isPresent()) {
            return false;
          }
          RevokedKeyEntity row = new RevokedKeyEntity();
          row.sha256 = key.hex();
          row.institution = institution;
          row.reason = reason;
          row.revokedAt = clock.millis();
          row.persist();
          return true;
        });
    roster.reload();
    if (first) {
      note("node.revoked", institution, key, new Notice.Fact("reason", reason));
    }
  }

  private void note(String event, String institution, Digest key, Notice.Fact more)
      throws InterruptedException {
    driver.take(
        new AggregatorEvent.Noted(
            new Notice(
                event,
                List.of(
                    new Notice.Fact("institution", institution),
                    new Notice.Fact("key", key.toString()),
                    more))));
  }
}
