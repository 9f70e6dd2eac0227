package io.concordat.aggregator.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.concordat.aggregator.audit.AuditPack;
import io.concordat.aggregator.log.LogLeafEntity;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What happened, for officers and their tools. */
@Path("/api/v1/audit")
@RolesAllowed({Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(
    name = "audit",
    description = "The log in words, and packs. Roles: compliance-officer, operator.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden, request.malformed, request.unknown",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class AuditResource {
  private final AuditPack pack;

  AuditResource(AuditPack pack) {
    this.pack = pack;
  }

  /** One entry of the log. */
  @Schema(name = "AuditEntry")
  public record EntryView(
      long index,
      Instant time,
      @Schema(examples = "round.opened") String type,
      String actor,
      @Schema(description = "What it says, as a sentence") String words,
      @Schema(description = "The leaf itself, canonical JSON", implementation = Object.class)
          @JsonRawValue
          String entry) {}

  /** Contents of a pack. */
  @Schema(name = "AuditPack")
  public record PackView(List<AuditPack.FileView> files) {
    public PackView {
      files = List.copyOf(files);
    }
  }

  @GET
  @Path("entries")
  @Operation(summary = "Entries of the log, oldest first")
  public Page<EntryView> entries(
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("100") int limit,
      @QueryParam("job") @Nullable String job) {
    int items = Math.clamp(limit, 1, Page.MAX_ITEMS);
    long from = after == null ? -1 : cursor(after);
    String digest = job == null ? null : JobResource.entityInTransaction(job).digest;
    return QuarkusTransaction.requiringNew()
        .call(() -> {
          List<LogLeafEntity> rows =
              (digest == null
                      ? LogLeafEntity.<LogLeafEntity>find("index > ?1 order by index", from)
                      : LogLeafEntity.<LogLeafEntity>find(
                          "index > ?1 and job = ?2 order by index", from, digest))
                  .page(0, items + 1)
                  .list();
          List<LogLeafEntity> shown = rows.subList(0, Math.min(items, rows.size()));
          return new Page<>(
              shown.stream().map(AuditResource::view).toList(),
              rows.size() > items ? Long.toString(shown.getLast().index) : null);
        });
  }

  private static EntryView view(LogLeafEntity leaf) {
    return new EntryView(
        leaf.index,
        Instant.ofEpochMilli(leaf.loggedAt),
        leaf.type,
        leaf.actor,
        LeafWords.of(leaf),
        new String(leaf.entry, StandardCharsets.UTF_8));
  }

  private static long cursor(String after) {
    try {
      return Long.parseLong(after);
    } catch (NumberFormatException bad) {
      throw ProblemException.malformed("after", "expected the index of an entry");
    }
  }

  @GET
  @Path("pack")
  @Operation(
      summary = "Contents of an audit pack",
      description = "Every file that `concordat audit verify` needs, with its digest.")
  public PackView pack() throws IOException {
    return new PackView(pack.files());
  }

  @GET
  @Path("pack/{path:.+}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(summary = "One file of the pack")
  public Response file(@PathParam("path") String path) throws IOException {
    return Response.ok(
            pack.open(path).orElseThrow(() -> ProblemException.unknown("file of the pack", path)))
        .build();
  }
}
