package io.concordat.aggregator.api;

import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.LogEntry;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.TemplateSubmitted;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
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
 * Model graphs: whoever may submit jobs uploads one, institutions review it on their own nodes, and
 * the policy names it.
 */
@Path("/api/v1/templates")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "templates", description = "Uploaded model graphs and their reviews.")
@APIResponse(
    responseCode = "default",
    description =
        "auth.failed, auth.forbidden, request.malformed, request.unknown, template.*, job.submitter, file.field,"
            + " statement.signature",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class TemplateResource {
  private final RoundDriver driver;

  TemplateResource(RoundDriver driver) {
    this.driver = driver;
  }

  /** A graph and what the log says of it. */
  @Schema(name = "Template")
  public record TemplateView(
      String sha256,
      String name,
      String submitter,
      @Schema(description = "One line for each layer") List<String> layers,
      @Schema(description = "Institutions that reviewed it") List<String> reviewers,
      @Schema(description = "Whether the policy in force names it") boolean inPolicy,
      @Schema(description = "Whether a job may run it now") boolean runnable) {}

  /** A signed graph. */
  @Schema(name = "TemplateSubmission")
  public record Submission(
      @NotNull
          @Size(max = TemplateSubmitted.MAX_BYTES)
          @Schema(description = "The graph graph/1, canonical JSON")
          @Nullable String file,
      @NotNull @Size(max = 500) @Schema(examples = "two towers with a skip") @Nullable String name,
      @NotNull @Schema(examples = "ed25519:…") @Nullable String submitter,
      @NotNull
          @Schema(
              description =
                  "base64url over the domain concordat/template-submission/1 and the canonical statement of the three"
                      + " fields above")
          @Nullable String signature) {}

  @GET
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Operation(summary = "List templates in the order they were submitted")
  public Page<TemplateView> list() {
    return new Page<>(
        driver.look(core ->
            core.ledger().templates().submitted().values().stream()
                .map(t -> view(t, core.ledger()))
                .toList()),
        null);
  }

  @GET
  @Path("{sha256}")
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Operation(summary = "The file of a template", description = "By its digest in hexadecimal.")
  public Response one(@PathParam("sha256") String hex) {
    Digest digest;
    try {
      digest = Digest.parseHex(hex);
    } catch (DecodeException bad) {
      throw ProblemException.unknown("template", hex);
    }
    Optional<TemplateSubmitted> found =
        driver.look(core -> Optional.ofNullable(core.ledger().templates().submitted().get(digest)));
    return found
        .map(t -> Response.ok(t.fileBytes(), MediaType.APPLICATION_JSON).build())
        .orElseThrow(() -> ProblemException.unknown("template", hex));
  }

  @POST
  @RolesAllowed(Roles.DATA_SCIENTIST)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Upload a model graph for review",
      description =
          "Its file stands in the log, so that every reviewer and silo has the same bytes.")
  @APIResponse(responseCode = "201", description = "In the log.")
  public Response submit(@Valid @NotNull Submission submission) throws InterruptedException {
    SignedStatement signed;
    TemplateSubmitted template;
    try {
      VerifyingKey submitter = VerifyingKey.parse(String.valueOf(submission.submitter()));
      template =
          new TemplateSubmitted(
              String.valueOf(submission.file()), String.valueOf(submission.name()), submitter);
      signed =
          SignedStatement.verify(
              StatementType.TEMPLATE_SUBMITTED,
              template.bytes(),
              submitter,
              Base64.getUrlDecoder().decode(String.valueOf(submission.signature())));
    } catch (DecodeException | IllegalArgumentException bad) {
      throw new ProblemException(Code.STATEMENT_SIGNATURE, String.valueOf(bad.getMessage()));
    }
    driver.take(new AggregatorEvent.Said(LogEntry.SUBMITTER, signed));
    return Response.status(201).entity(driver.look(core -> view(template, core.ledger()))).build();
  }

  private static TemplateView view(TemplateSubmitted t, FederationLedger ledger) {
    Digest digest = t.template();
    try {
      return new TemplateView(
          digest.toString(),
          t.name(),
          t.submitter().toString(),
          ModelGraph.read(t.fileBytes()).words(),
          List.copyOf(ledger.reviewers(digest)),
          ledger.rules().templates().contains(digest),
          ledger.runnable(digest));
    } catch (DecodeException ours) {
      throw new InvariantViolation("the log took a graph that does not read", ours);
    }
  }
}
