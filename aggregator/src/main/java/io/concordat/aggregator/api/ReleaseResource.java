package io.concordat.aggregator.api;

import io.concordat.aggregator.log.ReleaseEntity;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.protocol.claims.ClaimPage;
import io.concordat.protocol.json.JsonObject;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Results of jobs. */
@Path("/api/v1/releases")
@RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER})
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "releases", description = "Results. Roles: data-scientist, compliance-officer.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden, request.unknown",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class ReleaseResource {
  private final Releases releases;

  ReleaseResource(Releases releases) {
    this.releases = releases;
  }

  /** A result without its numbers. */
  @Schema(name = "Release")
  public record ReleaseView(
      String id,
      String job,
      String name,
      @Schema(description = "logistic, mlp or statistics") String kind,
      @Schema(description = "Digest of the public state it was read from; every silo has the same")
          String stateDigest,
      Instant releasedAt) {
    static ReleaseView of(ReleaseEntity release) {
      return new ReleaseView(
          release.id,
          "sha256:" + release.job,
          release.name,
          release.kind,
          "sha256:" + release.stateDigest,
          Instant.ofEpochMilli(release.releasedAt));
    }
  }

  @GET
  @Operation(summary = "List releases, newest first")
  public Page<ReleaseView> list() {
    return new Page<>(releases.all().stream().map(ReleaseView::of).toList(), null);
  }

  @GET
  @Path("{id}")
  @Operation(summary = "One release")
  public ReleaseView one(@PathParam("id") String id) {
    return ReleaseView.of(find(id));
  }

  @GET
  @Path("{id}/model")
  @Operation(
      summary = "The result itself",
      description =
          "A document model/1 (weights, scaling, metrics), statistics/1 or noised-statistics/1.")
  public Response model(@PathParam("id") String id) {
    return Response.ok(find(id).model, MediaType.APPLICATION_JSON).build();
  }

  @GET
  @Path("{id}/claims")
  @Operation(
      summary = "What is claimed about its privacy",
      description =
          "A document claims/1 (docs/json.md): unit, relation, both epsilons, mechanism, budget, assumptions. The"
              + " audit pack holds the same bytes.")
  public Response claims(@PathParam("id") String id) {
    return Response.ok(sheet(id).bytes(), MediaType.APPLICATION_JSON).build();
  }

  @GET
  @Path("{id}/claims.html")
  @Produces(MediaType.TEXT_HTML)
  @Operation(summary = "The same as a page to read, print and file")
  public Response page(@PathParam("id") String id) {
    return Response.ok(ClaimPage.html(sheet(id)), "text/html;charset=utf-8")
        .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        .build();
  }

  private JsonObject sheet(String id) {
    return releases
        .claims(JobResource.entityInTransaction(id))
        .orElseThrow(() -> ProblemException.unknown("release", id));
  }

  private ReleaseEntity find(String id) {
    return releases
        .of(JobResource.entityInTransaction(id))
        .orElseThrow(() -> ProblemException.unknown("release", id));
  }
}
