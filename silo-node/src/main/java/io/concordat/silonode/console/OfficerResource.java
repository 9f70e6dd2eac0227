package io.concordat.silonode.console;

import static io.concordat.silonode.console.Asked.malformed;
import static io.concordat.silonode.console.Asked.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.job.ModelGraph;
import io.concordat.protocol.ledger.FederationLedger;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.TemplateSubmitted;
import io.concordat.silonode.node.NodeService;
import io.concordat.silonode.store.Remark;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What the institution's officer decides here and nowhere else: jobs, releases, freezes, reviews.
 * Each decision is signed with this node's key; the officer's name stays in this node's own books,
 * since nothing personal belongs into a log that cannot be erased.
 */
@Path("/api/v1")
@RolesAllowed(ConsoleCaller.ROLE)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class OfficerResource {

  private final NodeService node;

  OfficerResource(NodeService node) {
    this.node = node;
  }

  /**
   * Something that this institution decides, or has decided.
   *
   * @param what {@code job} or {@code release}
   * @param decision {@code approved} or {@code rejected}; absent while it is open
   * @param undecided institutions that are still waited for
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ApprovalView(
      String id,
      String digest,
      String name,
      String dataset,
      String what,
      @Nullable String decision,
      String undecided) {}

  /**
   * A decision.
   *
   * @param job its id or digest
   * @param what {@code job}, if absent, or {@code release}
   * @param decision {@code approve} or {@code reject}
   * @param officer who decides; kept here
   * @param reason stands in the log
   */
  public record Decision(
      @Nullable String job,
      @Nullable String what,
      @Nullable String decision,
      @Nullable String officer,
      @Nullable String reason) {}

  /**
   * A freeze by this institution, or its agreement to a thaw.
   *
   * @param decision {@code freeze} or {@code thaw}
   */
  public record FreezeOrder(
      @Nullable String decision, @Nullable String officer, @Nullable String reason) {}

  /** A freeze that this node obeys and the log does not have. */
  public record HeldView(String institution, long number, String reason) {}

  /** Whether this node opens anything. */
  public record FreezeView(boolean frozen, boolean inTheLog, List<HeldView> held) {}

  /**
   * A review.
   *
   * @param officer who reviewed it; kept here
   */
  public record Review(
      @Nullable String template, @Nullable String name, @Nullable String officer) {}

  /** A model graph as this node's own copy of the log has it. */
  public record TemplateView(
      String sha256,
      String name,
      List<String> layers,
      List<String> reviewers,
      boolean inPolicy,
      boolean runnable) {}

  @GET
  @Path("approvals")
  @Operation(summary = "What waits for this institution's officer, and what was decided")
  public Map<String, List<ApprovalView>> approvals() {
    String self = node.membership().institution();
    return Map.of(
        "items",
        node.driver()
            .look(core -> {
              List<ApprovalView> items = new ArrayList<>();
              for (JobRecord job : core.ledger().jobs()) {
                if (job.running() && job.patients().containsKey(self)) {
                  add(items, job, self);
                }
              }
              return items;
            }));
  }

  private static void add(List<ApprovalView> items, JobRecord job, String self) {
    Optional<String> asked = word(job.approvals().contains(self), job.rejections().contains(self));
    if (asked.isPresent() || job.undecided().contains(self)) {
      items.add(view(job, "job", asked, job.undecided()));
    }
    Optional<String> released =
        word(job.releaseApprovals().contains(self), job.releaseRejections().contains(self));
    if (released.isPresent() || job.releaseUndecided().contains(self)) {
      items.add(view(job, "release", released, job.releaseUndecided()));
    }
  }

  private static Optional<String> word(boolean approved, boolean rejected) {
    return rejected
        ? Optional.of("rejected")
        : approved ? Optional.of("approved") : Optional.empty();
  }

  private static ApprovalView view(
      JobRecord job, String what, Optional<String> decision, List<String> undecided) {
    return new ApprovalView(
        job.digest().hex().substring(0, 12),
        job.digest().toString(),
        job.terms().name(),
        job.terms().dataset(),
        what,
        decision.orElse(null),
        String.join(", ", undecided));
  }

  @POST
  @Path("approvals")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Approve or reject a job, or its release, in this institution's name",
      description =
          "A release is decided before the job's last opening: afterwards every member knows the sum.")
  public Response decide(Decision decision) throws InterruptedException, ExecutionException {
    boolean approve;
    switch (text(decision.decision())) {
      case "approve" -> approve = true;
      case "reject" -> approve = false;
      default -> {
        return malformed("decision: expected approve or reject");
      }
    }
    if (text(decision.officer()).isEmpty()) {
      return malformed("officer: expected the name of who decides");
    }
    Optional<JobRecord> found = job(text(decision.job()));
    if (found.isEmpty()) {
      return Problem.answer(404, Refusal.of(Code.JOB_UNKNOWN, text(decision.job())));
    }
    JobRecord job = found.get();
    if (!job.running()) {
      return Problem.answer(409, Refusal.of(Code.JOB_ENDED, job.digest().toString()));
    }
    NodeEvent event;
    switch (text(decision.what())) {
      case "", "job" ->
          event =
              new NodeEvent.Decide(
                  approve ? JobDecision.Kind.APPROVED : JobDecision.Kind.REJECTED,
                  job.digest(),
                  text(decision.reason()));
      case "release" ->
          event =
              new NodeEvent.DecideRelease(
                  approve ? ReleaseDecision.Kind.APPROVED : ReleaseDecision.Kind.REJECTED,
                  job.digest(),
                  text(decision.reason()));
      default -> {
        return malformed("what: expected job or release");
      }
    }
    return take(
        event,
        (approve ? "approved" : "rejected") + (event instanceof NodeEvent.Decide ? "" : "-release"),
        job.digest().toString(),
        text(decision.officer()),
        text(decision.reason()));
  }

  /** By the digest, or by the first twelve of its hexadecimal digits as lists show them. */
  private Optional<JobRecord> job(String name) {
    return node.driver()
        .look(core ->
            core.ledger().jobs().stream()
                .filter(j ->
                    j.digest().toString().equals(name)
                        || name.length() >= 12 && j.digest().hex().startsWith(name))
                .findFirst());
  }

  @GET
  @Path("freezes")
  @Operation(summary = "Whether this node opens anything, and freezes held that the log lacks")
  public FreezeView frozen() {
    return node.driver()
        .look(core ->
            new FreezeView(
                core.frozen(),
                core.ledger().frozen(),
                core.held().stream().map(OfficerResource::held).toList()));
  }

  private static HeldView held(Freeze freeze) {
    return new HeldView(freeze.institution(), freeze.number(), freeze.reason());
  }

  @POST
  @Path("freezes")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(summary = "Freeze the federation at once, or agree to a thaw, by this node's key")
  public Response freeze(FreezeOrder order) throws InterruptedException, ExecutionException {
    if (text(order.officer()).isEmpty()) {
      return malformed("officer: expected the name of who decides");
    }
    NodeEvent event;
    switch (text(order.decision())) {
      case "freeze" -> event = new NodeEvent.FreezeNow(text(order.reason()));
      case "thaw" -> event = new NodeEvent.AgreeToThaw(text(order.reason()));
      default -> {
        return malformed("decision: expected freeze or thaw");
      }
    }
    return take(
        event, text(order.decision()), "federation", text(order.officer()), text(order.reason()));
  }

  @GET
  @Path("templates")
  @Operation(summary = "Model graphs that were submitted, from this node's own copy of the log")
  public Map<String, List<TemplateView>> templates() {
    return Map.of(
        "items",
        node.driver()
            .look(core ->
                core.ledger().templates().submitted().values().stream()
                    .map(t -> view(t, core.ledger()))
                    .toList()));
  }

  private static TemplateView view(TemplateSubmitted t, FederationLedger ledger) {
    Digest digest = t.template();
    try {
      return new TemplateView(
          digest.toString(),
          t.name(),
          ModelGraph.read(t.fileBytes()).words(),
          List.copyOf(ledger.reviewers(digest)),
          ledger.rules().templates().contains(digest),
          ledger.runnable(digest));
    } catch (DecodeException ours) {
      throw new InvariantViolation("the log took a graph that does not read", ours);
    }
  }

  @POST
  @Path("templates")
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Say that this institution reviewed a model graph",
      description = "A job may run it when two institutions have and the policy names it.")
  public Response review(Review review) throws InterruptedException, ExecutionException {
    Digest digest;
    try {
      digest = Digest.parse(text(review.template()));
    } catch (DecodeException bad) {
      return malformed("template: expected sha256:<64 hexadecimal digits>");
    }
    if (text(review.officer()).isEmpty()) {
      return malformed("officer: expected the name of who reviewed it");
    }
    if (!node.driver().look(core -> core.ledger().templates().submitted().containsKey(digest))) {
      return Problem.answer(404, Refusal.of(Code.TEMPLATE_UNKNOWN, digest.toString()));
    }
    return take(
        new NodeEvent.Review(digest, text(review.name())),
        "reviewed",
        digest.toString(),
        text(review.officer()),
        text(review.name()));
  }

  /** Accepted: signed, on this disk with the officer's name; the log shows when it got there. */
  private Response take(NodeEvent event, String kind, String subject, String officer, String words)
      throws InterruptedException, ExecutionException {
    Remark deed =
        new Remark.Deed(kind, subject, "", officer.isEmpty() ? words : officer + ": " + words);
    Optional<Refusal> refusal = node.driver().take(event, List.of(deed)).get();
    return refusal.filter(r -> r.code() == Code.POLICY_NOT_FROZEN).isPresent()
        ? Problem.answer(409, refusal.get())
        : Response.accepted(Map.of("institution", node.membership().institution())).build();
  }
}
