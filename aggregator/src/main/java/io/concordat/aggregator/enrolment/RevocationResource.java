package io.concordat.aggregator.enrolment;

import io.concordat.aggregator.api.Page;
import io.concordat.aggregator.people.RevokedKeyEntity;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Keys that no longer open the door. */
@Path("/api/v1/revocations")
@RolesAllowed(Roles.OPERATOR)
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "enrolments", description = "How nodes come by certificates. Role: operator.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden, request.malformed",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class RevocationResource {
  private final Enrolments enrolments;

  RevocationResource(Enrolments enrolments) {
    this.enrolments = enrolments;
  }

  /** Which key, and why; the reason is one of four words, since it enters a log kept for ever. */
  @Schema(name = "Revocation")
  public record Revocation(
      @NotNull @Pattern(regexp = "[a-z][a-z0-9-]{0,62}", message = "must be an institution's id")
          @Nullable String institution,
      @NotNull
          @Pattern(
              regexp = "sha256:[0-9a-f]{64}",
              message = "must be sha256: and 64 hexadecimal digits")
          @Schema(description = "SHA-256 of the certificate's public key, or of the node key")
          @Nullable String key,
      @NotNull
          @Pattern(
              regexp = "compromised|lost|replaced|left",
              message = "must be compromised, lost, replaced or left")
          @Nullable String reason) {}

  /** A revoked key. */
  @Schema(name = "RevokedKey")
  public record RevokedView(String institution, String key, String reason, Instant revokedAt) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Revoke a key",
      description = "The next request with it is refused; the log says node.revoked.")
  @APIResponse(responseCode = "204", description = "Revoked.")
  public Response revoke(@Valid @NotNull Revocation revocation) throws InterruptedException {
    try {
      enrolments.revoke(
          Objects.requireNonNull(revocation.institution()),
          Digest.parse(Objects.requireNonNull(revocation.key())),
          Objects.requireNonNull(revocation.reason()));
    } catch (DecodeException bad) {
      throw ProblemException.malformed("key", String.valueOf(bad.getMessage()));
    }
    return Response.noContent().build();
  }

  @GET
  @Operation(summary = "List revoked keys")
  public Page<RevokedView> list() {
    List<RevokedKeyEntity> rows =
        QuarkusTransaction.requiringNew()
            .call(() -> RevokedKeyEntity.list("order by revokedAt, sha256"));
    return new Page<>(
        rows.stream()
            .map(row ->
                new RevokedView(
                    row.institution,
                    "sha256:" + row.sha256,
                    row.reason,
                    Instant.ofEpochMilli(row.revokedAt)))
            .toList(),
        null);
  }
}
