package io.concordat.aggregator.api;

import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.claims.BudgetReport;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.refusal.RefusedException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Where the patients' privacy budgets stand. */
@Path("/api/v1/budget")
@RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "federation", description = "Who takes part. Any role.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class BudgetResource {
  private final Federation federation;
  private final RoundDriver driver;

  BudgetResource(Federation federation, RoundDriver driver) {
    this.federation = federation;
    this.driver = driver;
  }

  @GET
  @Operation(
      summary = "What each silo's patients have spent and have left",
      description =
          "A budget/1 (docs/json.md), computed from the log alone: whoever has an audit pack gets the same numbers.")
  @APIResponse(
      responseCode = "200",
      description = "budget/1",
      content =
          @Content(
              schema =
                  @Schema(
                      type = org.eclipse.microprofile.openapi.annotations.enums.SchemaType.OBJECT)))
  public Response budget() {
    BudgetReport.Reading reading =
        driver.look(core -> BudgetReport.read(core.ledger(), federation.policy()));
    return Response.ok(reading.report(this::price).toJson().bytes()).build();
  }

  private Optional<JobPrice> price(JobRecord job) {
    try {
      return federation.jobs().plan(job.submitted().fileBytes(), job.rules().policy()).price();
    } catch (RefusedException unknownVersion) {
      return Optional.empty();
    }
  }
}
