package io.concordat.aggregator.enrolment;

import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.protocol.refusal.Code;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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

/** A node's next certificate, asked for by the node itself while the present one is good. */
@Path("/node/v1/certificate")
@RolesAllowed(Roles.NODE)
@RunOnVirtualThread
@Tag(name = "node", description = "For nodes, over mutual TLS.")
public class RenewalResource {
  private static final int MAX_BYTES = 16 * 1024;

  private final Enrolments enrolments;
  private final SecurityIdentity caller;

  RenewalResource(Enrolments enrolments, SecurityIdentity caller) {
    this.enrolments = enrolments;
    this.caller = caller;
  }

  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Ask for the next certificate")
  @APIResponse(responseCode = "202", description = "The authority's machine will fetch it.")
  public Response request(InputStream body) throws IOException {
    byte[] json = body.readNBytes(MAX_BYTES + 1);
    if (json.length > MAX_BYTES) {
      throw new ProblemException(Code.REQUEST_TOO_LARGE, "at most " + MAX_BYTES + " bytes");
    }
    enrolments.renew(caller.getPrincipal().getName(), json);
    return Response.accepted().build();
  }

  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "Fetch the certificate that was asked for")
  @APIResponse(responseCode = "200", description = "It was issued.")
  @APIResponse(responseCode = "204", description = "Not yet.")
  public Response certificate() {
    Optional<String> pem = enrolments.renewed(caller.getPrincipal().getName());
    return pem.isEmpty()
        ? Response.noContent().build()
        : Response.ok(Map.of("certificate", pem.get())).build();
  }
}
