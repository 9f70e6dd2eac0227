package io.concordat.aggregator.node;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.aggregator.intake.Intake;
import io.concordat.aggregator.people.NodeRoster;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.News;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.refusal.Code;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What nodes dial: work, statements, chunks. Each answer may be asked for again. */
@Path("/node/v1")
@RolesAllowed(Roles.NODE)
@RunOnVirtualThread
@Tag(name = "node", description = "For nodes, over mutual TLS.")
public class NodeResource {
  /** That one poll brings; each may be a header with its boxes and a small ciphertext. */
  private static final int MAX_MESSAGES = 8;

  /** How long a poll that brought messages waits for news before it returns with its answers. */
  private static final Duration ANSWERS_WAIT = Duration.ofMillis(150);

  private final RoundDriver driver;
  private final Intake intake;
  private final BroughtMessages brought;
  private final Presence presence;
  private final RoundFiles files;
  private final SecurityIdentity caller;
  private final NodeRoster roster;
  private final Federation federation;
  private final Duration longestWait;

  NodeResource(
      RoundDriver driver,
      Intake intake,
      BroughtMessages brought,
      Presence presence,
      RoundFiles files,
      SecurityIdentity caller,
      NodeRoster roster,
      Federation federation,
      AggregatorSettings settings) {
    this.driver = driver;
    this.intake = intake;
    this.brought = brought;
    this.presence = presence;
    this.files = files;
    this.caller = caller;
    this.roster = roster;
    this.federation = federation;
    this.longestWait = settings.node().longestWait();
  }

  @GET
  @Path("work")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Long poll for log entries and items",
      description =
          "Answers at once if there is something beyond the cursor, else waits; 204 when the time has passed.")
  @APIResponse(responseCode = "200", description = "New entries, the newest checkpoint, items.")
  @APIResponse(responseCode = "204", description = "Nothing new.")
  public Response work(
      @QueryParam("after") @DefaultValue("0.0") String after,
      @QueryParam("wait") @DefaultValue("25") int waitSeconds) {
    return reply(after, waitSeconds);
  }

  /**
   * Messages that a poll brings along.
   *
   * @param messages at most {@value #MAX_MESSAGES}, each with an id
   */
  public record Brought(@Nullable List<@Nullable NodeMessage> messages) {
    /** The messages, each with an id: what is wrong with one is wrong with the whole request. */
    private List<NodeMessage> named() {
      List<@Nullable NodeMessage> brought = messages == null ? List.of() : messages;
      if (brought.size() > MAX_MESSAGES) {
        throw ProblemException.malformed(
            "messages", "at most " + MAX_MESSAGES + ", found " + brought.size());
      }
      List<NodeMessage> named = new ArrayList<>(brought.size());
      for (NodeMessage message : brought) {
        if (message == null) {
          throw ProblemException.malformed("messages", "expected messages, found null");
        }
        message.named();
        named.add(message);
      }
      return named;
    }
  }

  @POST
  @Path("work")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Post statements and wait for what follows from them",
      description =
          "A long poll that brings messages. The reply has an `answers` list beside the rest: what became of these and of earlier messages, once it is on the disk. A message without an answer after some seconds is sent again.")
  @APIResponse(
      responseCode = "200",
      description = "New entries, the newest checkpoint, items, answers.")
  @APIResponse(responseCode = "204", description = "Nothing new, and no answer yet.")
  public Response exchange(
      @QueryParam("after") @DefaultValue("0.0") String after,
      @QueryParam("wait") @DefaultValue("25") int waitSeconds,
      @NotNull Brought brought)
      throws InterruptedException {
    // Before anything is taken: a request that does not read leaves nothing behind.
    cursor(after);
    List<NodeMessage> messages = brought.named();
    String institution = caller.getPrincipal().getName();
    for (NodeMessage message : messages) {
      this.brought.take(institution, message);
    }
    return reply(after, waitSeconds);
  }

  private Response reply(String after, int waitSeconds) {
    Cursor cursor = cursor(after);
    String institution = caller.getPrincipal().getName();
    long begun = System.nanoTime();
    long deadline =
        News.deadline(Duration.ofSeconds(Math.clamp(waitSeconds, 0, longestWait.toSeconds())));
    try (Presence.Poll poll = presence.poll(institution)) {
      while (true) {
        long edition = driver.news().edition();
        roster.requireNotRevoked(caller);
        Optional<WorkReply> news = driver.work(institution, cursor);
        Duration rest = Duration.ofNanos(deadline - System.nanoTime());
        boolean due = brought.due(institution);
        boolean late = due && System.nanoTime() - begun >= ANSWERS_WAIT.toNanos();
        if (news.isPresent() || late || rest.isNegative()) {
          List<WorkReply.Answer> answers = brought.answers(institution);
          if (news.isEmpty() && answers.isEmpty()) {
            return Response.noContent().build();
          }
          WorkReply reply = news.orElseGet(() -> new WorkReply(cursor, List.of(), "", List.of()));
          return Response.ok(reply.with(answers).bytes(), MediaType.APPLICATION_JSON).build();
        }
        driver
            .news()
            .awaitOtherThan(edition, due && rest.compareTo(ANSWERS_WAIT) > 0 ? ANSWERS_WAIT : rest);
      }
    } catch (InterruptedException stops) {
      Thread.currentThread().interrupt();
      throw new ProblemException(Code.NODE_UNAVAILABLE, "the aggregator is stopping");
    }
  }

  private static Cursor cursor(String text) {
    try {
      return Cursor.parse(text);
    } catch (DecodeException bad) {
      throw ProblemException.malformed("after", String.valueOf(bad.getMessage()));
    }
  }

  @POST
  @Path("statements")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Post a signed statement",
      description = "Answered when it is on the disk. The same statement again is answered alike.")
  public Map<String, String> statement(@NotNull NodeMessage message)
      throws InterruptedException, IOException {
    driver.take(message.events(caller.getPrincipal().getName(), intake));
    return Map.of();
  }

  @PUT
  @Path("contributions/{digest}/chunks/{index}")
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(
      summary = "Send one chunk of a ciphertext",
      description = "4 MiB, the last one shorter; Content-Length must be exact. Idempotent.")
  public Response chunk(
      @PathParam("digest") String digest,
      @PathParam("index") int index,
      @HeaderParam("Content-Length") @DefaultValue("-1") long length,
      InputStream body)
      throws IOException, InterruptedException {
    intake.chunk(digest(digest), caller.getPrincipal().getName(), index, length, body);
    return Response.noContent().build();
  }

  @GET
  @Path("contributions/{digest}")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "Which chunks are still missing")
  public Intake.Progress progress(@PathParam("digest") String digest)
      throws IOException, InterruptedException {
    return intake.progress(digest(digest), caller.getPrincipal().getName());
  }

  @GET
  @Path("contributions/{digest}/ciphertext")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(summary = "A stored ciphertext, for checking a silent silo's fingerprint; takes Range")
  public Response ciphertext(
      @PathParam("digest") String digest, @HeaderParam("Range") @Nullable String range)
      throws IOException {
    return files.ciphertext(digest(digest), range);
  }

  @GET
  @Path("rounds/{manifest}/sum")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(summary = "The summed ciphertext of a fixed cohort; takes Range")
  public Response sum(
      @PathParam("manifest") String manifest, @HeaderParam("Range") @Nullable String range)
      throws IOException {
    return files.sum(digest(manifest), range);
  }

  @GET
  @Path("rounds/{manifest}/opening")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "Headers, fingerprints and key sums of an opened round")
  public Response opening(@PathParam("manifest") String manifest) {
    return files.opening(digest(manifest));
  }

  /** A policy's file and its signatures, as texts. */
  public record PolicyFiles(String file, String signatures) {}

  @GET
  @Path("policies/{version}")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "A version of the policy with its signatures",
      description = "A node that lacks it takes it only as its own chain of versions allows.")
  public PolicyFiles policy(@PathParam("version") int version) {
    return federation
        .policies()
        .version(version)
        .map(v ->
            new PolicyFiles(
                new String(v.file(), StandardCharsets.UTF_8),
                new String(v.signatures().write(), StandardCharsets.UTF_8)))
        .orElseThrow(
            () -> new ProblemException(Code.REQUEST_UNKNOWN, "no version " + version + " here"));
  }

  private static Digest digest(String hex) {
    try {
      return Digest.parseHex(hex);
    } catch (DecodeException bad) {
      throw ProblemException.malformed("digest", "expected 64 hexadecimal digits");
    }
  }
}
