package io.concordat.aggregator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.refusal.Code;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What {@code Idempotency-Key} promises: for a day, the same caller's same request under the same
 * key gets the very answer it got the first time, and another request under that key is refused.
 *
 * <p>Only what was done is kept. A refusal changed nothing, so the request may be repeated under
 * its key once the reason is gone. The row is written after the work: a crash in between leaves a
 * request whose repeat is answered by the resource's own rule (for a job, its digest), and never
 * done twice.
 */
@ApplicationScoped
class KeptAnswers {
  private static final Duration KEPT = Duration.ofDays(1);
  private static final int MAX_KEY = 255;

  private final SecurityIdentity caller;
  private final ObjectMapper json;
  private final InstantSource clock;

  KeptAnswers(SecurityIdentity caller, ObjectMapper json, InstantSource clock) {
    this.caller = caller;
    this.json = json;
    this.clock = clock;
  }

  /** The first answer to this request, if it was made before under this key. */
  Optional<Response> before(String key, Digest request) {
    if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(c -> c > 32 && c < 127)) {
      throw ProblemException.malformed(
          "Idempotency-Key", "expected 1 to " + MAX_KEY + " visible ASCII characters");
    }
    KeptAnswerEntity kept =
        QuarkusTransaction.requiringNew()
            .call(() -> KeptAnswerEntity.findById(new KeptAnswerEntity.Key(name(), key)));
    if (kept == null || kept.keptAt < clock.millis() - KEPT.toMillis()) {
      return Optional.empty();
    }
    if (!kept.request.equals(request.hex())) {
      throw new ProblemException(
          Code.REQUEST_KEY_REUSED, "the key came with another request before");
    }
    Response.ResponseBuilder answer =
        Response.status((int) kept.status)
            .type(MediaType.APPLICATION_JSON_TYPE)
            .header("Idempotency-Replayed", "true")
            .entity(kept.body);
    if (kept.location != null) {
      answer.location(URI.create(kept.location));
    }
    return Optional.of(answer.build());
  }

  /** Keeps an answer; of two requests at once under one key the later one's stays. */
  void keep(String key, Digest request, int status, URI location, Object body) {
    byte[] text;
    try {
      text = json.writeValueAsBytes(body);
    } catch (JsonProcessingException ours) {
      throw new IllegalStateException(ours);
    }
    QuarkusTransaction.requiringNew()
        .run(() -> {
          KeptAnswerEntity.delete("keptAt < ?1", clock.millis() - KEPT.toMillis());
          KeptAnswerEntity.delete("caller = ?1 and requestKey = ?2", name(), key);
          KeptAnswerEntity row = new KeptAnswerEntity();
          row.caller = name();
          row.requestKey = key;
          row.request = request.hex();
          row.status = status;
          row.location = location.toString();
          row.body = text;
          row.keptAt = clock.millis();
          row.persist();
        });
  }

  private String name() {
    return caller.getPrincipal().getName();
  }
}
