package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The one table of statements: the name in a log entry or a message, the signature domain, and
 * whether the statement is a log entry by itself. A type never changes its domain or its meaning; a
 * new form is a new type.
 */
public enum StatementType {
  GENESIS("federation.genesis", "concordat/genesis/1", true, Genesis::read),
  POLICY_ACTIVATED(
      "policy.activated", "concordat/policy-activation/1", true, PolicyActivated::read),
  DATASET_DECLARED("dataset.declared", "concordat/dataset/1", true, DatasetDeclared::read),
  BOX_KEY_PUBLISHED("boxkeys.published", "concordat/box-key/1", true, BoxKeyPublished::read),
  SUBMITTER_ENDORSED("submitter.endorsed", "concordat/submitter/1", true, SubmitterEndorsed::read),
  JOB_SUBMITTED("job.submitted", "concordat/job/1", true, JobSubmitted::read),
  JOB_APPROVED(
      "job.approved",
      "concordat/job-approval/1",
      true,
      o -> JobDecision.read(o, JobDecision.Kind.APPROVED)),
  JOB_REJECTED(
      "job.rejected",
      "concordat/job-rejection/1",
      true,
      o -> JobDecision.read(o, JobDecision.Kind.REJECTED)),
  JOB_ENDED("job.ended", "concordat/job-end/1", true, JobEnded::read),
  ROUND_ANNOUNCED("round.announced", "concordat/round/1", true, RoundAnnounced::read),
  COHORT_FIXED("cohort.fixed", "concordat/manifest/1", true, CohortFixed::read),
  OPENING_RECORDED("opening.recorded", "concordat/opening/1", true, OpeningRecorded::read),
  ROUND_OPENED("round.opened", "concordat/round-opened/1", true, RoundOpened::read),
  ROUND_OVERFLOW(
      "round.overflow",
      "concordat/round-overflow/1",
      true,
      o -> RoundFailed.read(o, RoundFailed.Kind.OVERFLOW)),
  ROUND_SPOILED(
      "round.spoiled",
      "concordat/round-spoiled/1",
      true,
      o -> RoundFailed.read(o, RoundFailed.Kind.SPOILED)),
  RELEASE_APPROVED(
      "release.approved",
      "concordat/release-approval/1",
      true,
      o -> ReleaseDecision.read(o, ReleaseDecision.Kind.APPROVED)),
  RELEASE_REJECTED(
      "release.rejected",
      "concordat/release-rejection/1",
      true,
      o -> ReleaseDecision.read(o, ReleaseDecision.Kind.REJECTED)),
  RELEASE_PUBLISHED("release.published", "concordat/release/1", true, ReleasePublished::read),
  SITE_DECLARED("site.declared", "concordat/site/1", true, SiteDeclared::read),
  TEMPLATE_SUBMITTED(
      "template.submitted", "concordat/template-submission/1", true, TemplateSubmitted::read),
  TEMPLATE_APPROVED("template.approved", "concordat/template/1", true, TemplateApproved::read),
  FREEZE("freeze", "concordat/freeze/1", true, Freeze::read),
  THAW("thaw", "concordat/thaw/1", true, Thaw::read),
  NOTICE("notice", "concordat/notice/1", true, Notice::read),
  CONTRIBUTION("contribution", "concordat/contribution/1", false, ContributionHeader::read),
  ACCEPTANCE("acceptance", "concordat/acceptance/1", false, Acceptance::read),
  FINGERPRINT("fingerprint", "concordat/fingerprint/1", false, FingerprintStated::read),
  KEY_SUM("key.sum", "concordat/key-sum/1", false, KeySumStated::read),
  WITNESS_INQUIRY("witness.inquiry", "concordat/witness-inquiry/1", false, WitnessInquiry::read),
  WITNESS_ANSWER("witness.answer", "concordat/witness-answer/1", false, WitnessAnswer::read);

  /** Reads one statement's members. */
  private interface Reader {
    Statement read(JsonObject members) throws DecodeException;
  }

  private static final Map<String, StatementType> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(t -> t.wireName, Function.identity()));

  private final String wireName;
  private final String domain;
  private final boolean logged;
  private final Reader reader;

  StatementType(String wireName, String domain, boolean logged, Reader reader) {
    this.wireName = wireName;
    this.domain = domain;
    this.logged = logged;
    this.reader = reader;
  }

  /** The type as written in entries and messages. */
  public String wireName() {
    return wireName;
  }

  /** What every signature of this type begins with. */
  public String domain() {
    return domain;
  }

  /** Whether statements of this type are entries of the log. */
  public boolean logged() {
    return logged;
  }

  /**
   * Whether such statements must convince for decades and therefore carry an ML-DSA signature
   * beside that of Ed25519, where their signer has a key for it. All others only have to hold while
   * their round lasts; what the log keeps of them its checkpoints sign both ways.
   */
  public boolean lasting() {
    return this == SUBMITTER_ENDORSED || this == TEMPLATE_APPROVED || this == RELEASE_PUBLISHED;
  }

  /** The type of this name. */
  public static StatementType of(String wireName) throws DecodeException {
    StatementType type = BY_NAME.get(wireName);
    if (type == null) {
      throw new DecodeException("unknown statement type");
    }
    return type;
  }

  /**
   * Reads canonical bytes strictly.
   *
   * @throws DecodeException if a field is missing, unknown or out of bounds, or if the record does
   *     not give these very bytes again
   */
  public Statement read(byte[] bytes) throws DecodeException {
    return checked(CanonicalJson.parseObject(bytes));
  }

  /** Reads the members of an object that stands inside a larger canonical document. */
  public Statement read(JsonObject members) throws DecodeException {
    return checked(members);
  }

  private Statement checked(JsonObject members) throws DecodeException {
    Statement statement = reader.read(members);
    // Sorted lists, one spelling of a digest, no second name for a field: whatever a reader is
    // lenient about shows here, so no two byte strings are the same statement.
    if (!statement.json().members().equals(members.members())) {
      throw new DecodeException(wireName + ": not the form its fields are written in");
    }
    return statement;
  }
}
