package io.concordat.aggregator.node;

import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.protocol.refusal.Code;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Lets a node's {@code doctor} measure the way here; nothing is kept. */
@Path("/node/v1/probe")
@RolesAllowed(Roles.NODE)
@RunOnVirtualThread
@Tag(name = "node", description = "For nodes, over mutual TLS.")
public class ProbeResource {
  /** One chunk: what the firewall must let through in one piece. */
  private static final int MAX_BYTES = 4 << 20;

  private final SecurityIdentity caller;
  private final InstantSource clock;

  ProbeResource(SecurityIdentity caller, InstantSource clock) {
    this.caller = caller;
    this.clock = clock;
  }

  /**
   * What arrived.
   *
   * @param time this machine's
   */
  public record Probe(String institution, long bytes, Instant time) {}

  @PUT
  @Consumes(MediaType.APPLICATION_OCTET_STREAM)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(summary = "Count and forget up to 4 MiB, and tell the time")
  public Probe probe(InputStream body) throws IOException {
    byte[] part = new byte[64 << 10];
    long bytes = 0;
    int got;
    while ((got = body.read(part)) >= 0) {
      bytes += got;
      if (bytes > MAX_BYTES) {
        throw new ProblemException(Code.REQUEST_TOO_LARGE, "a probe has at most 4 MiB");
      }
    }
    return new Probe(caller.getPrincipal().getName(), bytes, clock.instant());
  }
}
