package io.concordat.aggregator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.aggregator.node.Presence;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.protocol.policy.Column;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.Role;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who takes part, under which policy, with which datasets. */
@Path("/api/v1")
@RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "federation", description = "Who takes part. Any role.")
@APIResponse(
    responseCode = "default",
    description = "auth.failed, auth.forbidden",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class FederationResource {
  private final Federation federation;
  private final RoundDriver driver;
  private final Presence presence;

  FederationResource(Federation federation, RoundDriver driver, Presence presence) {
    this.federation = federation;
    this.driver = driver;
    this.presence = presence;
  }

  /** A policy by version and digest. */
  @Schema(name = "PolicyReference")
  public record PolicyView(int version, String sha256) {}

  /** The log's head. */
  @Schema(name = "LogHead")
  public record LogView(long size, String root) {}

  /** One institution. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Institution")
  public record InstitutionView(
      String id,
      List<String> roles,
      boolean connected,
      @Nullable Instant lastSeen,
      @Schema(description = "Declared patients by dataset") @Nullable Map<String, Long> patients) {}

  /** The federation. */
  @Schema(name = "Federation")
  public record FederationView(
      String federation,
      PolicyView policy,
      @Schema(description = "Version of this program") String version,
      List<InstitutionView> institutions,
      LogView log) {}

  /** A dataset as the policy defines it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Dataset")
  public record DatasetView(
      String id,
      List<String> columns,
      List<String> labels,
      @Schema(description = "Absent where exact sums are opened") @Nullable String epsilonCap,
      @Nullable String delta,
      Map<String, Long> patients) {}

  @GET
  @Path("federation")
  @Operation(summary = "The federation, its policy, its institutions and the log's head")
  public FederationView federation() {
    LogView log =
        driver.look(
            core -> new LogView(core.ledger().size(), core.ledger().frontier().root().toString()));
    return new FederationView(
        federation.policy().federation(),
        new PolicyView(federation.policy().version(), federation.policy().digest().toString()),
        version(),
        federation.policy().institutions().stream().map(this::institution).toList(),
        log);
  }

  private static String version() {
    String version = FederationResource.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private InstitutionView institution(Institution institution) {
    Map<String, Long> patients = new TreeMap<>();
    for (Dataset dataset : federation.policy().datasets()) {
      Long declared = declared(dataset.id()).get(institution.id());
      if (declared != null) {
        patients.put(dataset.id(), declared);
      }
    }
    return new InstitutionView(
        institution.id(),
        institution.roles().stream().map(Role::text).toList(),
        presence.connected(institution.id()),
        presence.lastSeen(institution.id()).orElse(null),
        patients.isEmpty() ? null : patients);
  }

  private Map<String, Long> declared(String dataset) {
    return driver.look(core -> new TreeMap<>(core.ledger().declared(dataset)));
  }

  @GET
  @Path("datasets")
  @Operation(summary = "Datasets of the policy, with the patients that silos declared")
  public Page<DatasetView> datasets() {
    return new Page<>(federation.policy().datasets().stream().map(this::dataset).toList(), null);
  }

  private DatasetView dataset(Dataset dataset) {
    return new DatasetView(
        dataset.id(),
        dataset.columns().stream().map(Column::name).toList(),
        dataset.labels().stream().map(label -> label.name()).toList(),
        dataset.cap().map(cap -> cap.epsilonCap().toPlainString()).orElse(null),
        dataset.cap().map(cap -> cap.delta().toString()).orElse(null),
        declared(dataset.id()));
  }

  @GET
  @Path("policies/current")
  @Produces("application/yaml")
  @Operation(summary = "The policy's file, byte for byte as it was signed")
  public Response policy() {
    return Response.ok(federation.file())
        .header("ETag", "\"" + federation.policy().digest().hex() + "\"")
        .build();
  }
}
