package io.concordat.aggregator.node;

import io.concordat.aggregator.config.AggregatorSettings;
import io.concordat.aggregator.intake.Intake;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.News;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
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
import java.util.Base64;
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
  /** Most boxes, and a ciphertext. */
  private static final int MAX_ATTACHMENTS = 33;

  private final RoundDriver driver;
  private final Intake intake;
  private final Presence presence;
  private final RoundFiles files;
  private final SecurityIdentity caller;
  private final Federation federation;
  private final Duration longestWait;

  NodeResource(
      RoundDriver driver,
      Intake intake,
      Presence presence,
      RoundFiles files,
      SecurityIdentity caller,
      Federation federation,
      AggregatorSettings settings) {
    this.driver = driver;
    this.intake = intake;
    this.presence = presence;
    this.files = files;
    this.caller = caller;
    this.federation = federation;
    this.longestWait = settings.node().longestWait();
  }

  /**
   * A signed statement with the bulk that belongs to it.
   *
   * @param statement base64url of the signed bytes
   * @param attachments base64url each; boxes in the header's order and then, if it is small, the
   *     ciphertext
   */
  public record Message(
      @Nullable String type,
      @Nullable String statement,
      @Nullable String signature,
      @Nullable String key,
      @Nullable List<String> attachments) {}

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
    Cursor cursor;
    try {
      cursor = Cursor.parse(after);
    } catch (DecodeException bad) {
      throw ProblemException.malformed("after", String.valueOf(bad.getMessage()));
    }
    String institution = caller.getPrincipal().getName();
    long deadline =
        News.deadline(Duration.ofSeconds(Math.clamp(waitSeconds, 0, longestWait.toSeconds())));
    try (Presence.Poll poll = presence.poll(institution)) {
      while (true) {
        long edition = driver.news().edition();
        Optional<WorkReply> reply = driver.work(institution, cursor);
        if (reply.isPresent()) {
          return Response.ok(reply.get().bytes(), MediaType.APPLICATION_JSON).build();
        }
        Duration rest = Duration.ofNanos(deadline - System.nanoTime());
        if (!driver.news().awaitOtherThan(edition, rest)) {
          return Response.noContent().build();
        }
      }
    } catch (InterruptedException stops) {
      Thread.currentThread().interrupt();
      throw new ProblemException(Code.NODE_UNAVAILABLE, "the aggregator is stopping");
    }
  }

  @POST
  @Path("statements")
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Post a signed statement",
      description = "Answered when it is on the disk. The same statement again is answered alike.")
  public Map<String, String> statement(@NotNull Message message)
      throws InterruptedException, IOException {
    String institution = caller.getPrincipal().getName();
    byte[] bytes = base64("statement", message.statement());
    if ("cosignature".equals(message.type())) {
      driver.take(
          new AggregatorEvent.CosignatureArrived(
              institution, new String(bytes, StandardCharsets.UTF_8)));
      return Map.of();
    }
    List<byte[]> attachments = attachments(message);
    SignedStatement signed = verify(message, bytes);
    List<AggregatorEvent> events = new ArrayList<>();
    if (signed.statement() instanceof ContributionHeader header
        && attachments.size() == header.boxes().size() + 1) {
      byte[] ciphertext = attachments.removeLast();
      events.add(new AggregatorEvent.StatementArrived(institution, signed, attachments));
      events.add(intake.whole(signed.digest(), header, ciphertext));
    } else {
      events.add(new AggregatorEvent.StatementArrived(institution, signed, attachments));
    }
    driver.take(events);
    return Map.of();
  }

  private static List<byte[]> attachments(Message message) {
    List<String> texts = message.attachments() == null ? List.of() : message.attachments();
    if (texts.size() > MAX_ATTACHMENTS) {
      throw ProblemException.malformed(
          "attachments", "at most " + MAX_ATTACHMENTS + ", found " + texts.size());
    }
    List<byte[]> attachments = new ArrayList<>(texts.size());
    for (String text : texts) {
      attachments.add(base64("attachments", text));
    }
    return attachments;
  }

  private static SignedStatement verify(Message message, byte[] bytes) {
    if (message.signature() == null || message.key() == null) {
      throw ProblemException.malformed("signature", "a statement needs signature and key");
    }
    StatementType type;
    VerifyingKey key;
    try {
      type = StatementType.of(String.valueOf(message.type()));
      key = VerifyingKey.parse(message.key());
    } catch (DecodeException unknown) {
      throw new ProblemException(Code.STATEMENT_TYPE, "unknown type or key");
    }
    try {
      return SignedStatement.verify(type, bytes, key, base64("signature", message.signature()));
    } catch (DecodeException bad) {
      // Nodes get no decoding diagnostics: they have the same code and can run it.
      throw new ProblemException(
          Code.STATEMENT_SIGNATURE, "the signature does not hold over such a statement");
    }
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

  private static byte[] base64(String field, @Nullable String text) {
    if (text == null) {
      throw ProblemException.malformed(field, field + " is missing");
    }
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException bad) {
      throw ProblemException.malformed(field, field + " is not base64url");
    }
  }
}
