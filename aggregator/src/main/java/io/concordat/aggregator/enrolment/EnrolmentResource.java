package io.concordat.aggregator.enrolment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.aggregator.api.Page;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.crypto.DecodeException;
import io.concordat.homes.enrolment.CertificateAsk;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Invitations and requests for certificates, for whoever runs the aggregator. */
@Path("/api/v1/enrolments")
@RolesAllowed(Roles.OPERATOR)
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "enrolments", description = "How nodes come by certificates. Role: operator.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden, request.malformed, request.unknown",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class EnrolmentResource {
  private static final int MAX_PEM_CHARS = 8192;

  private final Enrolments enrolments;
  private final InstantSource clock;

  EnrolmentResource(Enrolments enrolments, InstantSource clock) {
    this.enrolments = enrolments;
    this.clock = clock;
  }

  /** Whom to invite. */
  @Schema(name = "InvitationRequest")
  public record InvitationRequest(
      @NotNull
          @Pattern(
              regexp = "[a-z][a-z0-9-]{0,62}",
              message = "must be an institution's id: lower-case letters, digits and dashes")
          @Schema(examples = "charite")
          @Nullable String institution) {}

  /** An invitation; its token stands in this answer and nowhere else. */
  @Schema(name = "Invitation")
  public record InvitationView(
      String institution,
      @Schema(description = "The bootstrap file, base64url") String file,
      @Schema(description = "To read over the telephone") String fingerprint,
      Instant expiresAt) {}

  /** An enrolment or renewal. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Enrolment")
  public record EnrolmentView(
      String id,
      @Schema(enumeration = {"invitation", "renewal"}) String kind,
      String institution,
      @Schema(enumeration = {"invited", "requested", "issued", "expired"}) String state,
      Instant createdAt,
      Instant expiresAt,
      @Schema(description = "Of the requested key, to read over the telephone")
          @Nullable String fingerprint,
      @Nullable String nodeKey) {}

  /** A certificate from the authority's machine. */
  @Schema(name = "IssuedCertificate")
  public record Issued(@NotNull @Nullable String certificate) {}

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Invite an institution",
      description = "Makes a signed bootstrap file with a token that is good for 72 hours.")
  @APIResponse(responseCode = "201", description = "The invitation with its file.")
  public Response invite(@Valid @NotNull InvitationRequest request) throws IOException {
    String institution = Objects.requireNonNull(request.institution());
    Enrolments.Invitation made = enrolments.invite(institution);
    return Response.status(201)
        .entity(
            new InvitationView(
                institution,
                java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(made.file()),
                made.bootstrap().fingerprint().toString(),
                made.bootstrap().expires()))
        .build();
  }

  @GET
  @Operation(summary = "List invitations, requests and renewals")
  public Page<EnrolmentView> list() {
    return new Page<>(enrolments.list().stream().map(this::view).toList(), null);
  }

  private EnrolmentView view(EnrolmentEntity row) {
    String fingerprint = null;
    if (row.request != null) {
      try {
        fingerprint =
            CertificateAsk.read(row.request.getBytes(StandardCharsets.UTF_8))
                .request()
                .shortFingerprint()
                .toString();
      } catch (DecodeException broken) {
        throw new IllegalStateException("a stored request does not read", broken);
      }
    }
    return new EnrolmentView(
        row.id,
        row.kind,
        row.institution,
        row.state(clock.millis()),
        Instant.ofEpochMilli(row.createdAt),
        Instant.ofEpochMilli(row.expiresAt),
        fingerprint,
        row.nodeKey);
  }

  @GET
  @Path("{id}/request")
  @Operation(
      summary = "The request to carry to the authority's machine",
      description = "PKCS#10 with the node key's signature over it.")
  public Response request(@PathParam("id") String id) {
    EnrolmentEntity row = enrolments.row(id);
    if (row.request == null) {
      throw ProblemException.unknown("request", id);
    }
    return Response.ok(row.request, MediaType.APPLICATION_JSON).build();
  }

  @PUT
  @Path("{id}/certificate")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Hand in the certificate that the authority issued",
      description = "The node fetches it; the log says node.enrolled or node.renewed.")
  @APIResponse(responseCode = "204", description = "Taken.")
  public Response issue(@PathParam("id") String id, @Valid @NotNull Issued issued)
      throws IOException, InterruptedException {
    String pem = Objects.requireNonNull(issued.certificate());
    if (pem.length() > MAX_PEM_CHARS) {
      throw ProblemException.malformed("certificate", "at most " + MAX_PEM_CHARS + " characters");
    }
    enrolments.issue(id, pem);
    return Response.noContent().build();
  }
}
