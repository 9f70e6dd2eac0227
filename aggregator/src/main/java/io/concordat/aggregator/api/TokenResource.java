package io.concordat.aggregator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.people.TokenEntity;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.crypto.random.Randomness;
import io.concordat.homes.TokenText;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tokens of people. The text of one is shown once, by the answer that makes it. */
@Path("/api/v1/tokens")
@RolesAllowed(Roles.OPERATOR)
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "tokens", description = "Who may use this API. Role: operator.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden, request.malformed, request.unknown",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class TokenResource {
  private final InstantSource clock;
  private final Randomness randomness;

  TokenResource(InstantSource clock, Randomness randomness) {
    this.clock = clock;
    this.randomness = randomness;
  }

  /**
   * @param name whom it is for, as the audit trail shows it
   * @param days until it expires; absent for 90
   */
  @Schema(name = "TokenRequest")
  public record TokenRequest(
      @NotNull
          @Pattern(
              regexp = "[A-Za-z0-9._@-]{1,64}",
              message = "must be 1 to 64 letters, digits or . _ @ -")
          @Schema(examples = "r.meyer")
          @Nullable String name,
      @NotNull
          @Pattern(
              regexp = "data-scientist|compliance-officer|operator",
              message = "must be data-scientist, compliance-officer or operator")
          @Schema(examples = "data-scientist")
          @Nullable String role,
      @Min(1) @Max(366) @Nullable Integer days) {}

  /** A token without its text. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Token")
  public record TokenView(
      String id,
      String name,
      String role,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant revokedAt,
      @Schema(description = "Shown once, on creation only") @Nullable String token) {

    static TokenView of(TokenEntity row, @Nullable String text) {
      return new TokenView(
          row.id,
          row.name,
          row.role,
          Instant.ofEpochMilli(row.createdAt),
          JobView.instant(row.expiresAt),
          JobView.instant(row.revokedAt),
          text);
    }
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Make a token",
      description = "The text stands in this answer and nowhere else.")
  @APIResponse(responseCode = "201", description = "The token with its text.")
  public Response create(@Valid @NotNull TokenRequest request) {
    byte[] random = new byte[32];
    randomness.fill(random);
    String text = TokenText.of(random);
    TokenEntity row = new TokenEntity();
    row.id =
        UUID.nameUUIDFromBytes(
                TokenText.digest(text).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
            .toString();
    row.sha256 = TokenText.digest(text);
    row.name = request.name();
    row.role = request.role();
    row.createdAt = clock.millis();
    Integer days = request.days();
    row.expiresAt = row.createdAt + Duration.ofDays(days == null ? 90 : days).toMillis();
    QuarkusTransaction.requiringNew().run(row::persist);
    return Response.status(201).entity(TokenView.of(row, text)).build();
  }

  @GET
  @Operation(summary = "List tokens")
  public Page<TokenView> list() {
    List<TokenEntity> rows =
        QuarkusTransaction.requiringNew().call(() -> TokenEntity.list("order by createdAt, id"));
    return new Page<>(rows.stream().map(row -> TokenView.of(row, null)).toList(), null);
  }

  @DELETE
  @Path("{id}")
  @Operation(summary = "Revoke a token", description = "The next request with it is refused.")
  @APIResponse(responseCode = "204", description = "Revoked.")
  public Response revoke(@PathParam("id") String id) {
    int changed =
        QuarkusTransaction.requiringNew()
            .call(() ->
                TokenEntity.update(
                    "revokedAt = coalesce(revokedAt, ?1) where id = ?2", clock.millis(), id));
    if (changed == 0) {
      throw ProblemException.unknown("token", id);
    }
    return Response.noContent().build();
  }
}
