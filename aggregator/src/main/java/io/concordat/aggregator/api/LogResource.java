package io.concordat.aggregator.api;

import io.concordat.aggregator.log.LogSigner;
import io.concordat.aggregator.log.TilePublisher;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.audit.LogFormatException;
import io.concordat.audit.tile.TilePath;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.RoundRecord;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.InstantSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The log as static tiles, for members' own monitors and verifiers. */
@Path("/log")
@RolesAllowed({Roles.NODE, Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
@RunOnVirtualThread
@Tag(
    name = "log",
    description = "The public log (C2SP tlog-tiles). Any token, or a node's certificate.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden, request.unknown",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class LogResource {
  private final RoundDriver driver;
  private final TilePublisher tiles;
  private final LogSigner signer;
  private final InstantSource clock;

  LogResource(RoundDriver driver, TilePublisher tiles, LogSigner signer, InstantSource clock) {
    this.driver = driver;
    this.tiles = tiles;
    this.signer = signer;
    this.clock = clock;
  }

  @GET
  @Path("checkpoint")
  @Produces(MediaType.TEXT_PLAIN)
  @Operation(summary = "The newest checkpoint with the cosignatures gathered so far")
  public Response checkpoint() {
    String note = driver.look(AggregatorCore::checkpoint);
    if (note.isEmpty()) {
      throw ProblemException.unknown("checkpoint", "yet");
    }
    FederationRules rules = driver.look(core -> core.ledger().rules());
    return Response.ok(signer.lasting(note, rules, clock.instant()))
        .header("Cache-Control", "no-store")
        .build();
  }

  @GET
  @Path("manifest/{digest}")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "A manifest whose entry holds only its digest",
      description = "The very bytes: SHA-256 of them is the digest. For cohorts of some hundreds.")
  public Response manifest(@PathParam("digest") String digest) {
    Digest wanted;
    try {
      wanted = Digest.parseHex(digest);
    } catch (DecodeException bad) {
      throw ProblemException.malformed("digest", String.valueOf(bad.getMessage()));
    }
    byte[] bytes =
        driver
            .look(core -> core.ledger().roundOf(wanted))
            .flatMap(RoundRecord::manifest)
            .orElseThrow(() -> ProblemException.unknown("manifest", digest))
            .fixed()
            .bytes();
    return Response.ok(bytes).header("Cache-Control", "max-age=604800, immutable").build();
  }

  @GET
  @Path("tile/{path:.+}")
  @Produces(MediaType.APPLICATION_OCTET_STREAM)
  @Operation(summary = "A tile of hashes, or a bundle of entries below tile/entries")
  public Response tile(@PathParam("path") String path) throws IOException {
    TilePath tile;
    try {
      tile = TilePath.parse("tile/" + path);
    } catch (LogFormatException bad) {
      throw ProblemException.malformed("path", String.valueOf(bad.getMessage()));
    }
    byte[] bytes =
        tiles
            .files()
            .get(tile.path())
            .orElseThrow(() -> ProblemException.unknown("tile", tile.path()));
    // A tile never changes once it exists; a wider one has another name.
    return Response.ok(bytes).header("Cache-Control", "max-age=604800, immutable").build();
  }
}
