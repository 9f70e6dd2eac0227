package io.concordat.silonode.console;

import static io.concordat.silonode.console.Asked.malformed;
import static io.concordat.silonode.console.Asked.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.silonode.datasets.LoadedDatasets;
import io.concordat.silonode.node.NodeService;
import io.concordat.silonode.store.ChargeEntity;
import io.concordat.silonode.store.DeedEntity;
import io.quarkus.hibernate.orm.panache.PanacheQuery;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Sort;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What the institution's own people see of their node, and what they decide on it. */
@Path("/api/v1")
@RolesAllowed(ConsoleCaller.ROLE)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ConsoleResource {
  private static final int MAX_PAGE = 500;
  private static final int SHARE_DIGITS = 6;

  private final NodeService node;

  ConsoleResource(NodeService node) {
    this.node = node;
  }

  /** One configured dataset. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DatasetView(
      String id,
      boolean usable,
      @Nullable Integer patients,
      @Nullable Long rowsLeftOut,
      List<String> findings) {}

  /** The node at a glance. */
  public record StatusView(
      String institution,
      String federation,
      long policyVersion,
      String policySha256,
      boolean connected,
      String connection,
      boolean replayed,
      long logSize,
      long quorumSize,
      boolean frozen,
      List<DatasetView> datasets,
      List<JobView> jobs,
      List<String> troubles) {}

  /** A job as the log tells it. */
  public record JobView(String digest, String name, String dataset, boolean running, int opened) {}

  /**
   * A dataset's budget at this silo.
   *
   * @param person the cap's scope: datasets of one scope hold the same persons
   * @param share of the cap that is spent or held back for running jobs, from 0 to 1
   * @param leftRhoUnits what is left, in billionths of rho at the cap's order
   */
  public record BudgetView(
      String dataset,
      String person,
      String epsilonCap,
      String delta,
      long capRhoUnits,
      long takenRhoUnits,
      long leftRhoUnits,
      String share,
      List<ChargeView> charges) {}

  /** One sealed contribution. */
  public record ChargeView(
      String contribution, String job, long round, long rhoUnits, Instant sealedAt) {}

  /** One line of the local audit. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record DeedView(
      long id, Instant time, String kind, String subject, @Nullable String code, String words) {}

  /** A page; {@code next} is the {@code after} of the following one, absent on the last. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page<T>(List<T> items, @Nullable Long next) {}

  /** A key to endorse. */
  public record Submitter(@Nullable String key, @Nullable String name) {}

  @GET
  @Path("status")
  @Operation(summary = "How this node stands")
  public StatusView status() {
    List<DatasetView> datasets = new ArrayList<>();
    node.datasets()
        .ifPresent(
            loaded -> loaded.states().forEach((id, state) -> datasets.add(dataset(id, state))));
    var membership = node.membership();
    return node.driver()
        .look(core ->
            new StatusView(
                membership.institution(),
                membership.rules().federation(),
                core.ledger().rules().version(),
                core.ledger().rules().policy().toString(),
                node.connected(),
                node.connection(),
                node.replayed(),
                core.ledger().size(),
                core.quorumSize(),
                core.frozen(),
                datasets,
                core.ledger().jobs().stream()
                    .map(job ->
                        new JobView(
                            job.digest().toString(),
                            job.terms().name(),
                            job.terms().dataset(),
                            job.running(),
                            job.opened()))
                    .toList(),
                node.troubles()));
  }

  private static DatasetView dataset(String id, LoadedDatasets.State state) {
    return switch (state) {
      case LoadedDatasets.State.Loaded loaded ->
          new DatasetView(
              id, true, loaded.records().patients(), loaded.leftOut(), loaded.findings());
      case LoadedDatasets.State.Unusable unusable ->
          new DatasetView(id, false, null, null, unusable.findings());
    };
  }

  @GET
  @Path("budget")
  @Operation(summary = "Spent and left of each cap at this silo, as the log counts it")
  public Map<String, List<BudgetView>> budget() {
    List<BudgetView> items = new ArrayList<>();
    for (Dataset dataset : node.policy().datasets()) {
      node.driver().look(core -> budget(dataset, core.ledger())).ifPresent(items::add);
    }
    return Map.of("items", items);
  }

  private Optional<BudgetView> budget(Dataset dataset, FederationLedger ledger) {
    var rules = ledger.rules().datasets().get(dataset.id());
    if (rules == null || rules.capUnits().isEmpty() || dataset.cap().isEmpty()) {
      return Optional.empty();
    }
    OptionalLong cap = rules.capUnits();
    long taken = ledger.budgets().committed(node.membership().institution(), rules.scope());
    return Optional.of(
        new BudgetView(
            dataset.id(),
            rules.scope(),
            dataset.cap().get().epsilonCap().toPlainString(),
            dataset.cap().get().delta().toString(),
            cap.getAsLong(),
            taken,
            cap.getAsLong() - taken,
            BigDecimal.valueOf(taken)
                .divide(BigDecimal.valueOf(cap.getAsLong()), SHARE_DIGITS, RoundingMode.UP)
                .toPlainString(),
            charges(dataset.id())));
  }

  private static List<ChargeView> charges(String dataset) {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            ChargeEntity.<ChargeEntity>find("dataset", Sort.descending("sealedAt"), dataset)
                .page(0, MAX_PAGE)
                .stream()
                .map(row ->
                    new ChargeView(
                        row.contribution,
                        row.job,
                        row.round,
                        row.rhoUnits,
                        Instant.ofEpochMilli(row.sealedAt)))
                .toList());
  }

  @GET
  @Path("audit")
  @Operation(summary = "What this node did and refused, newest last")
  public Page<DeedView> audit(
      @QueryParam("after") @DefaultValue("0") long after,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    int size = Math.clamp(limit, 1, MAX_PAGE);
    List<DeedView> items =
        QuarkusTransaction.requiringNew()
            .call(() -> {
              PanacheQuery<DeedEntity> rows =
                  DeedEntity.find("id > ?1", Sort.ascending("id"), after);
              return rows.page(0, size).stream()
                  .map(row ->
                      new DeedView(
                          row.id,
                          Instant.ofEpochMilli(row.happenedAt),
                          row.kind,
                          row.subject,
                          row.code,
                          row.words))
                  .toList();
            });
    return new Page<>(items, items.size() == size ? items.getLast().id() : null);
  }

  @POST
  @Path("submitters")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Vouch for the key with which one of our people signs jobs")
  public Response endorse(Submitter submitter) throws InterruptedException, ExecutionException {
    VerifyingKey key;
    try {
      key = VerifyingKey.parse(text(submitter.key()));
    } catch (DecodeException bad) {
      return malformed("key: expected ed25519:<base64url>");
    }
    if (text(submitter.name()).isEmpty()) {
      return malformed("name: expected the person's name or role");
    }
    return take(new NodeEvent.Endorse(key, text(submitter.name())));
  }

  /** Accepted: the statement is signed and on this disk; the log shows when it got there. */
  private Response take(NodeEvent event) throws InterruptedException, ExecutionException {
    Optional<Refusal> refusal = node.driver().take(event).get();
    return refusal.isPresent()
        ? Problem.answer(409, refusal.get())
        : Response.accepted(Map.of()).build();
  }
}
