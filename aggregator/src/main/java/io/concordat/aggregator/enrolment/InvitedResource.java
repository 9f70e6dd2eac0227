package io.concordat.aggregator.enrolment;

import io.concordat.aggregator.problem.ProblemException;
import io.concordat.protocol.refusal.Code;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * What a node may do that has no certificate yet: the invitation's token is all it has. Open to
 * whoever reaches the port, so a body is read to 16 KiB and nothing is told to a wrong token.
 */
@Path("/enrol/v1")
@PermitAll
@RunOnVirtualThread
@Tag(name = "enrol", description = "For nodes that were invited, with the invitation's token.")
public class InvitedResource {
  private static final int MAX_BYTES = 16 * 1024;
  private static final int MAX_TOKEN_CHARS = 128;

  private final Enrolments enrolments;

  InvitedResource(Enrolments enrolments) {
    this.enrolments = enrolments;
  }

  @PUT
  @Path("request")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Ask for the first certificate",
      description = "The token is good for one request; the same one again is answered alike.")
  @APIResponse(responseCode = "202", description = "The operator sees it.")
  public Response request(
      @HeaderParam("Concordat-Invitation") @Nullable String token, InputStream body)
      throws IOException {
    byte[] json = body.readNBytes(MAX_BYTES + 1);
    if (json.length > MAX_BYTES) {
      throw new ProblemException(Code.REQUEST_TOO_LARGE, "at most " + MAX_BYTES + " bytes");
    }
    enrolments.request(checked(token), json);
    return Response.accepted().build();
  }

  @GET
  @Path("certificate")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "Fetch the certificate")
  @APIResponse(responseCode = "200", description = "It was issued.")
  @APIResponse(responseCode = "204", description = "Not yet.")
  public Response certificate(@HeaderParam("Concordat-Invitation") @Nullable String token) {
    Optional<String> pem = enrolments.certificate(checked(token));
    return pem.isEmpty()
        ? Response.noContent().build()
        : Response.ok(Map.of("certificate", pem.get())).build();
  }

  private static String checked(@Nullable String token) {
    if (token == null || token.length() > MAX_TOKEN_CHARS) {
      throw new ProblemException(Code.AUTH_FAILED, "no invitation's token");
    }
    return token;
  }
}
