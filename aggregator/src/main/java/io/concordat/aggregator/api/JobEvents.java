package io.concordat.aggregator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.aggregator.intake.Uploads;
import io.concordat.aggregator.log.JobEntity;
import io.concordat.aggregator.log.LogLeafEntity;
import io.concordat.aggregator.log.RoundEntity;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.ledger.JobRecord;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * A job's progress as server-sent events. Each event but those about uploads is an entry of the log
 * and carries its index, so a client that comes back with {@code Last-Event-ID} misses nothing, and
 * any replica can serve it.
 */
@Path("/api/v1/jobs/{id}/events")
@RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
@Tag(name = "jobs")
public class JobEvents {
  private static final int EVENTS_AT_ONCE = 256;

  /** An empty comment now and then keeps proxies from closing an idle stream. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** How often a round that collects is looked at: chunks are no entries and make no news. */
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final RoundDriver driver;
  private final Uploads uploads;
  private final ObjectMapper json;

  JobEvents(RoundDriver driver, Uploads uploads, ObjectMapper json) {
    this.driver = driver;
    this.uploads = uploads;
    this.json = json;
  }

  /** One event. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "JobEvent")
  public record JobEvent(
      @Schema(description = "Index in the log") long seq,
      Instant time,
      @Schema(examples = "round.opened") String type,
      @Schema(description = "Openings done by now") long round,
      @Schema(description = "Openings the job takes in all") long rounds,
      @Schema(description = "State of the job", examples = "Running") String state,
      @Schema(description = "Number of the round, retries counted") @Nullable Long number,
      @Schema(description = "Silos in the cohort") @Nullable Long contributors,
      @Nullable String code) {
    JobEvent awaiting() {
      return new JobEvent(
          seq, time, type, round, rounds, "AwaitingApproval", number, contributors, code);
    }
  }

  /**
   * How far the uploads of a round have come. No entry of the log: it has no place there, its event
   * has no id, and who comes back is told the newest one.
   */
  @Schema(name = "UploadsEvent")
  public record UploadsEvent(
      @Schema(examples = "round.uploads") String type,
      @Schema(description = "Openings done by now") long round,
      @Schema(description = "Openings the job takes in all") long rounds,
      String state,
      @Schema(description = "Number of the round, retries counted") long number,
      @Schema(description = "Bytes here of all silos") long bytes,
      @Schema(description = "Bytes that all silos have to send") long of,
      List<Uploads.Upload> uploads) {
    static final String TYPE = "round.uploads";

    static UploadsEvent of(Uploads.Collecting now, long opened, long openings) {
      return new UploadsEvent(
          TYPE,
          opened,
          openings,
          "Running",
          now.number(),
          now.silos().stream().mapToLong(Uploads.Upload::bytes).sum(),
          now.silos().stream().mapToLong(Uploads.Upload::of).sum(),
          now.silos());
    }
  }

  private record Batch(List<JobEvent> events, boolean ended) {
    static final Batch NOTHING = new Batch(List.of(), false);
  }

  /** What a listener was told of uploads, so that it is told nothing twice. */
  private static final class Told {
    private Optional<Uploads.Collecting> last = Optional.empty();

    /** Worth an event: something is under way, or what was under way has come to its end. */
    boolean isNews(Uploads.Collecting now) {
      boolean news =
          now.underWay() && !last.equals(Optional.of(now))
              || !now.underWay()
                  && last.filter(l -> l.underWay() && l.number() == now.number()).isPresent();
      if (news) {
        last = Optional.of(now);
      }
      return news;
    }
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @RunOnVirtualThread
  @Operation(
      summary = "Follow a job",
      description =
          "Starts after the event that Last-Event-ID names, else at the job's first; ends when the job has ended. "
              + "While a round collects large contributions, events round.uploads without an id say how much of each "
              + "silo's has arrived.")
  @APIResponse(
      responseCode = "200",
      description = "A stream of JobEvent, and of UploadsEvent",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema = @Schema(oneOf = {JobEvent.class, UploadsEvent.class})))
  @APIResponse(
      responseCode = "default",
      description = "auth.failed, auth.forbidden, job.unknown",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response events(
      @PathParam("id") String id, @HeaderParam("Last-Event-ID") @Nullable String lastEventId) {
    long seen = lastEventId == null ? -1 : cursor(lastEventId);
    String job = JobResource.entityInTransaction(id).digest;
    long opened = seen < 0 ? 0 : openedUpTo(job, seen);
    StreamingOutput stream = out -> follow(job, seen, opened, out);
    return Response.ok(stream, MediaType.SERVER_SENT_EVENTS)
        .header("Cache-Control", "no-store")
        .build();
  }

  private void follow(String job, long from, long openedBefore, OutputStream out)
      throws IOException {
    long seen = from;
    long opened = openedBefore;
    long looked = -1;
    long openings = openings(job);
    Digest digest = digest(job);
    Told told = new Told();
    long quiet = System.nanoTime();
    while (true) {
      long edition = driver.news().edition();
      // Most news are no entries: boxes, cosignatures. The database is asked about entries only.
      long size = driver.look(core -> core.ledger().size());
      Batch batch = size == looked ? Batch.NOTHING : batch(job, seen, opened);
      looked = batch.events().size() < EVENTS_AT_ONCE ? size : -1;
      boolean waits = !batch.ended() && awaitsApproval(digest);
      for (JobEvent logged : batch.events()) {
        // What the job waits for now is told with the newest event; earlier ones are past.
        boolean newest = logged == batch.events().getLast();
        JobEvent event = newest && waits ? logged.awaiting() : logged;
        write(out, "id: " + event.seq() + "\nevent: " + event.type() + "\ndata: " + text(event));
        seen = event.seq();
        opened = event.round();
      }
      if (batch.ended()) {
        return;
      }
      Optional<Uploads.Collecting> collecting = uploads.of(digest);
      if (collecting.filter(told::isNews).isPresent()) {
        UploadsEvent event = UploadsEvent.of(collecting.get(), opened, openings);
        write(out, "event: " + event.type() + "\ndata: " + text(event));
        quiet = System.nanoTime();
      }
      if (!batch.events().isEmpty()) {
        quiet = System.nanoTime();
      } else if (!awaitNews(edition, collecting.isPresent() ? LOOK_AGAIN : HEARTBEAT)
          && System.nanoTime() - quiet >= HEARTBEAT.toNanos()) {
        // Also how a client that went away is noticed: the write fails and ends this.
        write(out, ":");
        quiet = System.nanoTime();
      }
    }
  }

  private static long openings(String job) {
    return QuarkusTransaction.requiringNew()
        .call(() -> JobEntity.<JobEntity>findById(job).openings);
  }

  private static Digest digest(String job) {
    try {
      return Digest.parseHex(job);
    } catch (DecodeException e) {
      throw new InvariantViolation("a job's row has no digest", e);
    }
  }

  private boolean awaitsApproval(Digest job) {
    return driver.look(
        core -> core.ledger().job(job).filter(JobRecord::awaitsApproval).isPresent());
  }

  private boolean awaitNews(long edition, Duration longest) throws IOException {
    try {
      return driver.news().awaitOtherThan(edition, longest);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("the service stops", stopped);
    }
  }

  private static void write(OutputStream out, String block) throws IOException {
    out.write((block + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static long cursor(String lastEventId) {
    try {
      return Long.parseLong(lastEventId);
    } catch (NumberFormatException bad) {
      throw ProblemException.malformed("Last-Event-ID", "expected the id of an event");
    }
  }

  private static long openedUpTo(String job, long index) {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            LogLeafEntity.count("job = ?1 and type = 'round.opened' and index <= ?2", job, index));
  }

  private static Batch batch(String digest, long seen, long openedBefore) {
    return QuarkusTransaction.requiringNew()
        .call(() -> {
          JobEntity job = JobEntity.findById(digest);
          List<LogLeafEntity> leaves =
              LogLeafEntity.<LogLeafEntity>find(
                      "job = ?1 and index > ?2 order by index", digest, seen)
                  .page(0, EVENTS_AT_ONCE)
                  .list();
          List<JobEvent> events = new ArrayList<>();
          long opened = openedBefore;
          boolean ended = false;
          for (LogLeafEntity leaf : leaves) {
            opened += leaf.type.equals("round.opened") ? 1 : 0;
            ended = leaf.type.equals("job.ended");
            events.add(event(job, leaf, opened, ended));
          }
          return new Batch(events, ended);
        });
  }

  private static JobEvent event(JobEntity job, LogLeafEntity leaf, long opened, boolean ended) {
    RoundEntity round = LeafWords.round(leaf);
    return new JobEvent(
        leaf.index,
        Instant.ofEpochMilli(leaf.loggedAt),
        leaf.type,
        opened,
        job.openings,
        ended ? job.state : leaf.type.startsWith("round.") || opened > 0 ? "Running" : "Submitted",
        round == null ? null : round.number,
        round == null || round.contributors == 0 ? null : round.contributors,
        ended ? job.code : null);
  }

  private String text(Object event) {
    try {
      return json.writeValueAsString(event);
    } catch (JsonProcessingException ours) {
      throw new IllegalStateException(ours);
    }
  }
}
