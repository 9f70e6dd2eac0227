package io.concordat.aggregator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.Policies;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.ledger.Frost;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Versions of the agreement, and freezes. Both are files that institutions signed elsewhere; this
 * service only carries them into the log, and every node judges them again.
 */
@Path("/api/v1")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "agreement", description = "Policy versions and freezes.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden, request.malformed, policy.*, statement.*",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class PolicyResource {
  private final Policies policies;
  private final Federation federation;
  private final RoundDriver driver;

  PolicyResource(Policies policies, Federation federation, RoundDriver driver) {
    this.policies = policies;
    this.federation = federation;
    this.driver = driver;
  }

  /** One version. */
  @Schema(name = "PolicyVersion")
  public record VersionView(
      int version,
      String sha256,
      boolean inForce,
      Instant notBefore,
      Instant expires,
      List<String> signedBy) {}

  /** A version to activate. */
  @Schema(name = "PolicyActivation")
  public record Activation(
      @NotNull
          @Size(max = 1048576)
          @Schema(description = "Text of the policy file, byte for byte as signed")
          @Nullable String file,
      @NotNull @Size(max = 1048576) @Schema(description = "Text of its signature file")
          @Nullable String signatures) {}

  /** What activating came to. */
  @Schema(name = "PolicyActivated")
  public record ActivatedView(int version, String sha256, long entry, boolean endsRunningJobs) {}

  /** A signed freeze or thaw. */
  @Schema(name = "SignedFreeze")
  public record FreezeFile(
      @NotNull @Schema(examples = "freeze") @Nullable String type,
      @NotNull @Size(max = 8192) @Schema(description = "base64url") @Nullable String statement,
      @NotNull @Schema(examples = "ed25519:…") @Nullable String key,
      @NotNull @Size(max = 128) @Schema(description = "base64url") @Nullable String signature) {}

  /** Where a statement stands. */
  @Schema(name = "LogPlace")
  public record PlaceView(long entry) {}

  /** Whether the federation is frozen, as the log says it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "FreezeState")
  public record FreezeView(
      boolean frozen,
      @Nullable String institution,
      @Nullable Long entry,
      @Nullable String reason,
      @Nullable List<String> thaws,
      int needed) {}

  @GET
  @Path("policies")
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Operation(summary = "All versions of the policy that this log ran under, and those held for it")
  public Page<VersionView> policies() {
    return new Page<>(
        federation.policies().versions().stream()
            .map(v ->
                new VersionView(
                    v.policy().version(),
                    v.policy().digest().toString(),
                    v.policy().digest().equals(federation.policy().digest()),
                    v.policy().notBefore(),
                    v.policy().expires(),
                    List.copyOf(v.signers(v.policy()))))
            .toList(),
        null);
  }

  @POST
  @Path("policies")
  @RolesAllowed({Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Put the next version of the policy into force",
      description =
          "Exactly one higher, naming the digest of the one in force, signed by the thresholds of both. Each node"
              + " checks it on its own copy.")
  @APIResponse(responseCode = "201", description = "In the log.")
  public Response activate(@Valid @NotNull Activation activation)
      throws IOException, InterruptedException {
    Policies.Activated done =
        policies.activate(
            String.valueOf(activation.file()).getBytes(StandardCharsets.UTF_8),
            String.valueOf(activation.signatures()).getBytes(StandardCharsets.UTF_8));
    return Response.status(201)
        .entity(
            new ActivatedView(
                done.policy().version(),
                done.policy().digest().toString(),
                done.entry(),
                done.endsRunningJobs()))
        .build();
  }

  @GET
  @Path("freezes")
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Operation(summary = "Whether the federation is frozen, and who agreed to a thaw")
  public FreezeView frozen() {
    return driver.look(core -> {
      int needed = core.ledger().rules().policyThreshold();
      Optional<Frost> frost = core.ledger().frost();
      return frost.isEmpty()
          ? new FreezeView(false, null, null, null, null, needed)
          : new FreezeView(
              true,
              frost.get().institution(),
              frost.get().index(),
              frost.get().reason(),
              List.copyOf(frost.get().thaws()),
              needed);
    });
  }

  @POST
  @Path("freezes")
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Bring a signed freeze or thaw into the log",
      description = "Whoever brings it: only the institution's key that signed it counts.")
  @APIResponse(responseCode = "201", description = "In the log.")
  public Response bring(@Valid @NotNull FreezeFile file) throws InterruptedException {
    SignedStatement signed = read(file);
    driver.take(new AggregatorEvent.FreezeCarried(signed));
    long entry = driver.look(core -> core.ledger().place(signed)).orElse(-1L);
    return Response.status(201).entity(new PlaceView(entry)).build();
  }

  private static SignedStatement read(FreezeFile file) {
    try {
      StatementType type = StatementType.of(String.valueOf(file.type()));
      if (type != StatementType.FREEZE && type != StatementType.THAW) {
        throw new ProblemException(Code.STATEMENT_TYPE, "expected freeze or thaw");
      }
      return SignedStatement.verify(
          type,
          Base64.getUrlDecoder().decode(String.valueOf(file.statement())),
          VerifyingKey.parse(String.valueOf(file.key())),
          Base64.getUrlDecoder().decode(String.valueOf(file.signature())));
    } catch (DecodeException | IllegalArgumentException bad) {
      throw new ProblemException(Code.STATEMENT_SIGNATURE, String.valueOf(bad.getMessage()));
    }
  }
}
