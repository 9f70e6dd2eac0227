package io.concordat.aggregator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.concordat.aggregator.log.JobEntity;
import io.concordat.aggregator.log.RoundEntity;
import io.concordat.aggregator.people.Roles;
import io.concordat.aggregator.problem.Problem;
import io.concordat.aggregator.problem.ProblemException;
import io.concordat.aggregator.round.Federation;
import io.concordat.aggregator.round.RoundDriver;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.claims.DryRun;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.RefusedException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Jobs: submitting, looking, cancelling. */
@Path("/api/v1/jobs")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "jobs", description = "What data scientists submit.")
@APIResponse(
    responseCode = "default",
    description =
        "auth.failed, auth.forbidden, request.malformed, file.*, job.*, policy.*; `code` says which",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class JobResource {
  /** A dry run's expectation rests on so many rounds at most. */
  private static final int MEASURED_ROUNDS = 200;

  private final RoundDriver driver;
  private final Federation federation;
  private final Releases releases;
  private final KeptAnswers kept;
  private final SecurityIdentity caller;

  JobResource(
      RoundDriver driver,
      Federation federation,
      Releases releases,
      KeptAnswers kept,
      SecurityIdentity caller) {
    this.driver = driver;
    this.federation = federation;
    this.releases = releases;
    this.kept = kept;
    this.caller = caller;
  }

  /** A signed job file. */
  @Schema(name = "JobSubmission")
  public record Submission(
      @NotNull
          @Size(max = 32768)
          @Schema(description = "Text of the job file, byte for byte as signed")
          @Nullable String file,
      @NotNull @Schema(examples = "ed25519:…") @Nullable String submitter,
      @NotNull @Schema(description = "base64url over the domain concordat/job/1 and the file")
          @Nullable String signature) {}

  /** One round of a job. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Round")
  public record RoundView(
      long number,
      String state,
      long contributors,
      Instant announcedAt,
      @Nullable Instant openedAt,
      @Schema(description = "What one silo sends") long bytes,
      String context) {}

  @POST
  @RolesAllowed(Roles.DATA_SCIENTIST)
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      summary = "Submit a signed job",
      description =
          "With dryRun=true answers a price/1 (docs/json.md): allowed or refused by which rule at which silo, epsilon, bytes, minutes, budget; it stores nothing. A job is named by its file's digest, so repeating"
              + " a submission cannot start a second job: it answers the first one. With an Idempotency-Key a repeat"
              + " within a day gets the first answer byte for byte, and another submission under that key is refused.")
  @APIResponse(responseCode = "201", description = "The job, now in the log.")
  @APIResponse(responseCode = "200", description = "Dry run, or a repeat of an earlier submission.")
  public Response submit(
      @Valid @NotNull Submission submission,
      @QueryParam("dryRun") @DefaultValue("false") boolean dryRun,
      @Parameter(
              description = "Any text that the caller uses once, say a UUID; kept for a day",
              example = "5f0c6a5e-7d1b-4a53-9c61-2f3e1f7a9d10")
          @HeaderParam("Idempotency-Key")
          @Nullable String key)
      throws InterruptedException, RefusedException {
    byte[] file = String.valueOf(submission.file()).getBytes(StandardCharsets.UTF_8);
    Digest digest = Digests.sha256(file);
    if (dryRun) {
      return Response.ok(price(file, submission).bytes()).build();
    }
    Digest request =
        Digests.sha256(
            String.join(
                "\n",
                String.valueOf(submission.submitter()),
                String.valueOf(submission.signature()),
                digest.hex()));
    Optional<Response> first = key == null ? Optional.empty() : kept.before(key, request);
    if (first.isPresent()) {
      return first.get();
    }
    Optional<JobView> before = find(digest.hex());
    if (before.isPresent()) {
      return Response.ok(before.get()).build();
    }
    driver.take(
        new AggregatorEvent.JobArrived(
            file, submitter(submission.submitter()), signature(submission)));
    QuarkusTransaction.requiringNew().run(() -> JobSenders.keep(digest, caller));
    JobView job =
        find(digest.hex())
            .orElseThrow(
                () -> new ProblemException(Code.SERVER_FAILED, "the job is in the log only"));
    URI location = URI.create("/api/v1/jobs/" + job.id());
    if (key != null) {
      kept.keep(key, request, 201, location, job);
    }
    return Response.created(location).entity(job).build();
  }

  /** Reads, plans and looks; writes nothing. */
  private JsonObject price(byte[] file, Submission submission) throws RefusedException {
    JobSpecification job = JobReader.read("job", file).orThrow();
    Outcome<JobPlan> plan;
    try {
      plan = Outcome.accepted(federation.plan(file));
    } catch (RefusedException refused) {
      plan = Outcome.refused(refused.reasons());
    }
    DryRun run =
        DryRun.of(
            Outcome.accepted(job),
            plan,
            federation.policy(),
            submitter(submission.submitter()),
            measured());
    return driver.look(core -> run.against(core.ledger()));
  }

  /** The newest opened rounds of any job. */
  private static Optional<DryRun.Measured> measured() {
    List<RoundEntity> newest =
        QuarkusTransaction.requiringNew()
            .call(() ->
                RoundEntity.<RoundEntity>find("openedAt is not null order by openedAt desc")
                    .page(0, MEASURED_ROUNDS)
                    .list());
    double[] seconds =
        newest.stream()
            .mapToDouble(r -> (Objects.requireNonNull(r.openedAt) - r.announcedAt) / 1000.0)
            .sorted()
            .toArray();
    return seconds.length == 0
        ? Optional.empty()
        : Optional.of(new DryRun.Measured(seconds.length, seconds[seconds.length / 2]));
  }

  private static VerifyingKey submitter(@Nullable String text) {
    try {
      return VerifyingKey.parse(String.valueOf(text));
    } catch (DecodeException bad) {
      throw ProblemException.malformed("submitter", "expected ed25519:<base64url>");
    }
  }

  private static byte[] signature(Submission submission) {
    try {
      return Base64.getUrlDecoder().decode(String.valueOf(submission.signature()));
    } catch (IllegalArgumentException bad) {
      throw ProblemException.malformed("signature", "expected base64url");
    }
  }

  @GET
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Operation(summary = "List jobs, newest first")
  public Page<JobView> list(
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("50") int limit) {
    int items = Math.clamp(limit, 1, Page.MAX_ITEMS);
    long before = after == null ? Long.MAX_VALUE : cursor(after);
    return QuarkusTransaction.requiringNew()
        .call(() -> {
          List<JobEntity> rows =
              JobEntity.<JobEntity>find("logIndex < ?1 order by logIndex desc", before)
                  .page(0, items + 1)
                  .list();
          List<JobEntity> shown = rows.subList(0, Math.min(items, rows.size()));
          return new Page<>(
              shown.stream().map(this::view).toList(),
              rows.size() > items ? Long.toString(shown.getLast().logIndex) : null);
        });
  }

  private static long cursor(String after) {
    try {
      return Long.parseLong(after);
    } catch (NumberFormatException bad) {
      throw ProblemException.malformed("after", "not a cursor of this list");
    }
  }

  @GET
  @Path("{id}")
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Operation(summary = "One job", description = "By its id, or by its whole digest in hexadecimal.")
  public JobView one(@PathParam("id") String id) {
    return find(id).orElseThrow(() -> new ProblemException(Code.JOB_UNKNOWN, "no job " + id));
  }

  @POST
  @Path("{id}/cancel")
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.OPERATOR})
  @Operation(
      summary = "Cancel a job",
      description = "It ends at its next round boundary. Data scientists cancel their own only.")
  public JobView cancel(@PathParam("id") String id) throws InterruptedException {
    JobView job = one(id);
    try {
      Digest digest = Digest.parse(job.digest());
      if (!caller.hasRole(Roles.OPERATOR)
          && !QuarkusTransaction.requiringNew().call(() -> JobSenders.sent(digest, caller))) {
        throw new ProblemException(Code.AUTH_FORBIDDEN, "the job was handed in by somebody else");
      }
      driver.take(new AggregatorEvent.JobCancelled(digest));
    } catch (DecodeException ours) {
      throw new IllegalStateException(ours);
    }
    return one(id);
  }

  @GET
  @Path("{id}/rounds")
  @RolesAllowed({Roles.DATA_SCIENTIST, Roles.COMPLIANCE_OFFICER, Roles.OPERATOR})
  @Operation(summary = "Rounds of a job, in order")
  public Page<RoundView> rounds(
      @PathParam("id") String id,
      @QueryParam("after") @DefaultValue("0") String after,
      @QueryParam("limit") @DefaultValue("200") int limit) {
    int items = Math.clamp(limit, 1, Page.MAX_ITEMS);
    long from = cursor(after);
    return QuarkusTransaction.requiringNew()
        .call(() -> {
          JobEntity job = entity(id);
          List<RoundEntity> rows =
              RoundEntity.<RoundEntity>find(
                      "job = ?1 and number > ?2 order by number", job.digest, from)
                  .page(0, items + 1)
                  .list();
          List<RoundEntity> shown = rows.subList(0, Math.min(items, rows.size()));
          return new Page<>(
              shown.stream().map(JobResource::view).toList(),
              rows.size() > items ? Long.toString(shown.getLast().number) : null);
        });
  }

  private static RoundView view(RoundEntity round) {
    return new RoundView(
        round.number,
        round.state,
        round.contributors,
        Instant.ofEpochMilli(round.announcedAt),
        JobView.instant(round.openedAt),
        round.bytes,
        "sha512:" + round.ctx);
  }

  static JobEntity entity(String id) {
    return JobEntity.<JobEntity>find("id = ?1 or digest = ?1", id)
        .firstResultOptional()
        .orElseThrow(() -> new ProblemException(Code.JOB_UNKNOWN, "no job " + id));
  }

  static JobEntity entityInTransaction(String id) {
    return QuarkusTransaction.requiringNew().call(() -> entity(id));
  }

  private Optional<JobView> find(String id) {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            JobEntity.<JobEntity>find("id = ?1 or digest = ?1", id)
                .firstResultOptional()
                .map(this::view));
  }

  /** Whether the log waits for an officer's word on the job or on its result. */
  private boolean awaitsApproval(JobEntity job) {
    try {
      Digest digest = Digest.parseHex(job.digest);
      return driver.look(
          core -> core.ledger().job(digest).filter(JobRecord::awaitsApproval).isPresent());
    } catch (DecodeException e) {
      throw new InvariantViolation("a job's row has no digest", e);
    }
  }

  private JobView view(JobEntity job) {
    Long bytes =
        RoundEntity.<RoundEntity>find("job = ?1 order by number", job.digest)
            .firstResultOptional()
            .map(round -> Long.valueOf(round.bytes))
            .orElse(null);
    Optional<Releases.Summary> release = releases.summary(job);
    Map<String, Double> metrics = release.map(Releases.Summary::metrics).orElse(null);
    return JobView.of(
        job,
        job.endedAt == null && awaitsApproval(job),
        bytes,
        metrics == null || metrics.isEmpty() ? null : metrics,
        release.map(Releases.Summary::id).orElse(null));
  }
}
