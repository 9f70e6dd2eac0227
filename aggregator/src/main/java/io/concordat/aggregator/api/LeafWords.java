package io.concordat.aggregator.api;

import io.concordat.aggregator.log.LogLeafEntity;
import io.concordat.aggregator.log.RoundEntity;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.protocol.core.Names;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.policy.SiteLimits;
import io.concordat.protocol.statement.Acceptance;
import io.concordat.protocol.statement.BoxKeyPublished;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.Genesis;
import io.concordat.protocol.statement.JobDecision;
import io.concordat.protocol.statement.JobEnded;
import io.concordat.protocol.statement.JobSubmitted;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Notice;
import io.concordat.protocol.statement.OpeningRecorded;
import io.concordat.protocol.statement.PolicyActivated;
import io.concordat.protocol.statement.ReleaseDecision;
import io.concordat.protocol.statement.ReleasePublished;
import io.concordat.protocol.statement.RoundAnnounced;
import io.concordat.protocol.statement.RoundFailed;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SiteDeclared;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.SubmitterEndorsed;
import io.concordat.protocol.statement.TemplateApproved;
import io.concordat.protocol.statement.TemplateSubmitted;
import io.concordat.protocol.statement.Thaw;
import io.concordat.protocol.statement.WitnessAnswer;
import io.concordat.protocol.statement.WitnessInquiry;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an entry says, as a sentence for a compliance officer. */
final class LeafWords {
  private LeafWords() {}

  static Statement statement(LogLeafEntity leaf) {
    try {
      JsonObject entry = CanonicalJson.parseObject(leaf.entry);
      return StatementType.of(leaf.type).read(entry.object("statement"));
    } catch (DecodeException ours) {
      throw new InvariantViolation("a stored leaf does not read", ours);
    }
  }

  /** The round that an entry belongs to, if it belongs to one. Within a transaction. */
  static @Nullable RoundEntity round(LogLeafEntity leaf) {
    return switch (statement(leaf)) {
      case RoundAnnounced announced -> RoundEntity.findById(Names.hex(announced.ctx()));
      case CohortFixed fixed -> RoundEntity.findById(Names.hex(fixed.ctx()));
      case OpeningRecorded recorded -> ofManifest(recorded.manifest().hex());
      case RoundOpened opened -> ofManifest(opened.manifest().hex());
      case RoundFailed failed -> ofManifest(failed.manifest().hex());
      default -> null;
    };
  }

  private static @Nullable RoundEntity ofManifest(String manifest) {
    return RoundEntity.<RoundEntity>find("manifest", manifest).firstResult();
  }

  static String of(LogLeafEntity leaf) {
    return words(statement(leaf), leaf.actor);
  }

  private static String words(Statement statement, String actor) {
    return switch (statement) {
      case Genesis _ -> "The log of the federation began.";
      case PolicyActivated s -> "Version " + s.version() + " of the policy came into force.";
      case DatasetDeclared s ->
          s.silo() + " declared dataset " + s.dataset() + " with " + s.patients() + " patients.";
      case BoxKeyPublished _ -> actor + " published a fresh key for shares of a job.";
      case SubmitterEndorsed _ -> actor + " vouched for a submitter's key.";
      case JobSubmitted s -> "Job " + shortened(s.digest().hex()) + " was submitted.";
      case JobDecision s ->
          s.institution()
              + (s.kind() == JobDecision.Kind.APPROVED ? " approved job " : " rejected job ")
              + shortened(s.job().hex())
              + ": "
              + s.reason();
      case ReleaseDecision s ->
          s.institution()
              + (s.kind() == ReleaseDecision.Kind.APPROVED
                  ? " approved the release of job "
                  : " rejected the release of job ")
              + shortened(s.job().hex())
              + ": "
              + s.reason();
      case ReleasePublished s ->
          "The result of job " + shortened(s.job().hex()) + " was given out, signed by the log.";
      case SiteDeclared s ->
          s.institution()
              + " declared its own approvals: jobs "
              + s.jobs().text()
              + ", releases "
              + s.releases().text()
              + (s.limits().equals(SiteLimits.NONE) ? "." : "; its overlay forbids more:")
              + s.limits()
                  .datasets()
                  .map(d -> " datasets " + String.join(", ", d.keySet()) + " only.")
                  .orElse("")
              + s.limits()
                  .analyses()
                  .map(a ->
                      " analyses "
                          + Stream.of(
                                  a.statistics() ? "statistics" : "",
                                  a.train()
                                      .map(t -> "training of " + new TreeSet<>(t.models()))
                                      .orElse(""))
                              .filter(text -> !text.isEmpty())
                              .collect(Collectors.joining(", "))
                          + " only.")
                  .orElse("");
      case TemplateSubmitted s ->
          "Template " + shortened(s.template().hex()) + " (" + s.name() + ") was submitted.";
      case TemplateApproved s ->
          s.institution()
              + " reviewed template "
              + shortened(s.template().hex())
              + " ("
              + s.name()
              + ").";
      case RoundAnnounced s ->
          "Round "
              + s.round()
              + " of job "
              + shortened(s.job().hex())
              + " began: "
              + s.values()
              + " values of "
              + s.roster().size()
              + " silos asked for.";
      case CohortFixed s ->
          "The cohort was fixed: "
              + String.join(", ", s.silos())
              + "; holders "
              + s.openers().stream().map(String::valueOf).collect(Collectors.joining(", "))
              + " may open its sum.";
      case OpeningRecorded s ->
          actor + " agreed to open the sum of manifest " + shortened(s.manifest().hex()) + ".";
      case RoundOpened s ->
          "The sum of manifest "
              + shortened(s.manifest().hex())
              + " was opened with the answers of "
              + s.answers().size()
              + " holders.";
      case RoundFailed s ->
          "The sum of manifest "
              + shortened(s.manifest().hex())
              + (s.kind() == RoundFailed.Kind.OVERFLOW
                  ? " left its bounds: "
                  : " could not be accepted: ")
              + s.reason();
      case JobEnded s ->
          "Job "
              + shortened(s.job().hex())
              + " ended: "
              + s.outcome().name().toLowerCase(java.util.Locale.ROOT)
              + s.code().map(code -> " (" + code + ")").orElse("")
              + ".";
      case Freeze s -> s.institution() + " froze the federation: " + s.reason();
      case Thaw s ->
          s.institution() + " agreed to end the freeze of entry " + s.freeze() + ": " + s.reason();
      case Notice s ->
          s.event()
              + s.facts().stream()
                  .map(fact -> " " + fact.name() + "=" + fact.value())
                  .collect(Collectors.joining())
              + ".";
      case ContributionHeader _,
          Acceptance _,
          FingerprintStated _,
          KeySumStated _,
          WitnessInquiry _,
          WitnessAnswer _ ->
          statement.type().wireName();
    };
  }

  private static String shortened(String hex) {
    return hex.substring(0, 12);
  }
}
