package io.concordat.protocol.refusal;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every refusal there is. The constant's name may change; {@link #text} may not.
 *
 * <p>One list on purpose, however long: the compiler checks every use, a switch over it is
 * complete, and docs/refusals.md is computed from it. In files of their own the sentences would be
 * read by somebody who cannot see what they are said of.
 */
public enum Code {
  // Files that people write.
  FILE_SYNTAX(
      "file.syntax",
      "The file is not in the strict form that is read.",
      "Correct the place named; anchors, aliases, tags, duplicate keys and tabs are not accepted."),
  FILE_FIELD(
      "file.field",
      "A field of the file is missing, unknown or of the wrong kind.",
      "Correct the field named; the published schema lists every field."),
  FILE_TOO_LARGE(
      "file.too-large",
      "The file is larger or deeper than any valid one.",
      "Keep it below 262144 characters and 20 levels."),

  // The policy.
  POLICY_QUORUM(
      "policy.quorum",
      "The key holders' threshold does not protect against the corruption allowed for.",
      "Choose threshold t, holders n, maxCorrupt f with f < t <= n and 2t - n > f."),
  POLICY_COHORT(
      "policy.cohort",
      "The smallest cohort is too small for the colluders allowed for.",
      "Choose minContributors >= maxColluding + 2, at most maxCohort and the number of silos."),
  POLICY_WITNESS_QUORUM(
      "policy.witness-quorum",
      "The witness quorum would let two logs exist.",
      "Choose witnessQuorum above (witnesses + maxCorrupt) / 2 and at most the number of witnesses."),
  POLICY_DUPLICATE(
      "policy.duplicate",
      "An id or a key stands twice.",
      "Give each institution, dataset, column and key once."),
  POLICY_REFERENCE(
      "policy.reference",
      "The policy names something that it does not define.",
      "Define it or correct the name."),
  POLICY_EXPIRED(
      "policy.expired", "The policy's time has passed.", "Sign and activate the next version."),
  POLICY_NOT_YET(
      "policy.not-yet",
      "The policy's time has not begun.",
      "Wait until notBefore, or check the machine's clock."),
  POLICY_DURATION(
      "policy.duration",
      "The policy would stay in force for too long or for no time.",
      "Choose expires after notBefore and at most 13 months later."),
  POLICY_CAP(
      "policy.cap",
      "A privacy cap or figure is outside what it may be.",
      "Choose 0 < perJobMax <= epsilonCap and delta from 1e-10 to 0.01."),
  POLICY_PERSON(
      "policy.person",
      "A dataset's person column does not serve to count persons once.",
      "Name an identifier column, or row where every row is one person; never mix capped and uncapped datasets over one person column."),
  POLICY_COLUMN(
      "policy.column",
      "A column's bounds, values or constants contradict each other.",
      "Choose min < max, scale > 0, and distinct category values."),
  POLICY_PARAMETERS(
      "policy.parameters",
      "The encryption parameters are unknown or not for production.",
      "Name a published parameter set, or none."),
  POLICY_THRESHOLD(
      "policy.threshold",
      "The policy's own signing threshold cannot work.",
      "Choose policyThreshold from 1 to the number of institutions, more than half of them."),
  POLICY_ROLE(
      "policy.role",
      "An institution lacks the role that the policy relies on.",
      "Give members of keyHolders the role holder, and every holder a place in keyHolders."),
  POLICY_SIGNATURES(
      "policy.signatures",
      "Too few institutions signed the policy.",
      "Collect signatures of the threshold of institutions, each by a key of the policy."),
  POLICY_SIGNATURE_INVALID(
      "policy.signature-invalid",
      "A signature over the policy does not verify.",
      "Sign the exact bytes of the file again."),
  POLICY_SIGNATURE_STRANGER(
      "policy.signature-stranger",
      "A signature is by a key that the policy does not name.",
      "Sign with a policy key of an institution of the policy."),
  POLICY_VERSION(
      "policy.version",
      "A policy does not follow the one before it.",
      "Number it one higher and name the digest of the version before."),
  POLICY_FEDERATION(
      "policy.federation",
      "A policy belongs to another federation.",
      "Use the file of this federation."),
  POLICY_MISMATCH(
      "policy.mismatch",
      "The policy in force is another one than the message names.",
      "Fetch the policy in force, check its signatures, and repeat."),
  POLICY_FROZEN(
      "policy.frozen",
      "The federation is frozen.",
      "A thaw needs the policy's threshold of institutions."),
  POLICY_NOT_FROZEN(
      "policy.not-frozen",
      "There is no such freeze to thaw.",
      "Name the place of the newest freeze in the log: concordat freeze show."),
  POLICY_OVERLAY(
      "policy.overlay",
      "A site overlay may only tighten what the policy allows.",
      "Lower the figure to the policy's or below, or take the line out."),
  POLICY_TEMPLATE(
      "policy.template",
      "Fewer than two institutions reviewed a template of the policy.",
      "Have a second institution review the file with that digest."),
  TEMPLATE_UNKNOWN(
      "template.unknown",
      "Nobody submitted a template with this digest.",
      "Submit its file first: concordat template submit."),
  TEMPLATE_DUPLICATE(
      "template.duplicate",
      "This template was submitted before.",
      "Nothing is to be done; it is reviewed under its digest."),

  // Jobs.
  JOB_OUTSIDE_POLICY(
      "job.outside-policy",
      "The job asks for something that the policy does not allow.",
      "Stay within the policy's analyses, datasets and limits, or agree on a new policy."),
  JOB_APPROVAL_TERM(
      "job.approval-term",
      "An institution's officer did not decide within seven days.",
      "Ask the institutions named as undecided, and submit the job again."),
  JOB_FEDERATION("job.federation", "The job names another federation.", "Correct the federation."),
  JOB_DATASET(
      "job.dataset",
      "The job names a dataset that the policy does not have.",
      "Name one of the policy's datasets."),
  JOB_COLUMN(
      "job.column",
      "The job names a column that the dataset does not have or that cannot serve so.",
      "Name columns as the policy's dataset lists them."),
  JOB_LABEL(
      "job.label",
      "The label cannot serve as the target of this model.",
      "Name a label of the dataset, or a category column with two values."),
  JOB_LIMIT("job.limit", "The job exceeds a limit.", "Reduce the figure named."),
  JOB_PRIVACY_MISSING(
      "job.privacy-missing",
      "The dataset has a privacy cap and the job states no privacy.",
      "Add privacy with epsilon and delta."),
  JOB_PRIVACY_UNEXPECTED(
      "job.privacy-unexpected",
      "The dataset has no privacy cap and the job states privacy.",
      "Leave privacy out; exact sums are opened on this dataset."),
  JOB_PRIVACY_CAP(
      "job.privacy-cap",
      "The job's epsilon or delta is above what the policy allows one job.",
      "Lower epsilon or delta."),
  JOB_ATTESTATION(
      "job.attestation",
      "The policy has this dataset's noise measured and the job switches it off.",
      "Leave privacy.attestation out, or say on."),
  JOB_EXACT_UNDER_CAP(
      "job.exact-under-cap",
      "An exact analysis is not possible on a dataset with a privacy cap.",
      "Use the strategy dp-sgd; statistics need privacy: {epsilon, delta}."),
  JOB_NOISED_WITHOUT_CAP(
      "job.noised-without-cap",
      "The strategy dp-sgd needs a dataset with a privacy cap.",
      "Use fedavg, or a dataset with a cap."),
  JOB_LOCAL_STEPS(
      "job.local-steps",
      "Several local steps under shared noise are not private.",
      "Take one step an opening; use momentum or more rounds."),
  JOB_SCALING(
      "job.scaling",
      "This scaling is computed from records and not allowed in a private job.",
      "Use scaling: schema, or federation, which opens noised sums."),
  JOB_HOLDOUT(
      "job.holdout",
      "The job's holdout differs from the dataset's.",
      "Use the dataset's holdout: one person must be in one split only, over all jobs."),
  JOB_NOISE(
      "job.noise",
      "The noise that the job needs is outside what is sampled exactly.",
      "Change clipUnits, epsilon or rounds so that the noise share lies from 8 to 2^24."),
  JOB_NONCE(
      "job.nonce", "The job carries no nonce.", "Submit with the command line, which adds one."),
  JOB_SIGNATURE(
      "job.signature",
      "The job's signature does not verify.",
      "Sign the exact bytes of the job file."),
  JOB_SUBMITTER(
      "job.submitter",
      "The job's submitter is not endorsed by an institution.",
      "Have an institution's node endorse the submitter key."),
  JOB_DUPLICATE(
      "job.duplicate", "This very job was submitted before.", "Change the nonce to run it again."),
  JOB_BUDGET(
      "job.budget",
      "The job's price does not fit what is left of the dataset's cap.",
      "Lower epsilon, or wait for a policy with another cap."),
  JOB_NOT_APPROVED("job.not-approved", "The job was not approved.", "Ask the compliance officers."),
  JOB_AWAITS_RELEASE(
      "job.awaits-release",
      "An institution's officer has not yet decided about the result.",
      "Decide on the institution's own node: concordat approval list."),
  JOB_OUTSIDE_SITE(
      "job.outside-site",
      "The institution's own overlay forbids the job.",
      "Ask the institution; its silo takes no part, others may."),
  JOB_UNKNOWN("job.unknown", "There is no such job.", "List the jobs."),
  JOB_ENDED("job.ended", "The job has ended.", "Submit it again under a new nonce."),
  JOB_ROUNDS_FAILED(
      "job.rounds-failed",
      "Three rounds in a row were not opened.",
      "See each round's end in the log; submit again when the silos and holders are back."),
  JOB_CANCELLED("job.cancelled", "The job was cancelled.", "Submit it again under a new nonce."),
  JOB_POLICY_CHANGED(
      "job.policy-changed",
      "A newer policy ended the job.",
      "Submit it again under the new policy."),

  // Rounds.
  ROUND_UNKNOWN(
      "round.unknown",
      "No announcement of this round is in the log.",
      "Replay the log to its newest checkpoint."),
  ROUND_NOT_FIRST(
      "round.not-first",
      "Another announcement of this round stands before this one in the log.",
      "The first one is the round."),
  ROUND_STATE(
      "round.state",
      "The announced state is not the state that the opened sums lead to.",
      "Do not take part; compare the silo's own state with the log."),
  ROUND_CONTEXT(
      "round.context", "The message belongs to another round.", "Send it within its own round."),
  ROUND_ROSTER(
      "round.roster",
      "The round's roster is not one that the policy allows.",
      "Announce silos of the policy only, each once."),
  ROUND_LAYOUT(
      "round.layout",
      "The round's layout is not the one that the job and its state give.",
      "Announce the computed layout."),
  ROUND_DEADLINE(
      "round.deadline", "The round's deadline has passed.", "The next round will name you again."),
  ROUND_ENDED("round.ended", "The round has ended.", "Nothing of it can be opened any more."),
  ROUND_SECOND_COHORT(
      "round.second-cohort",
      "Another cohort was fixed for this round before.",
      "One round opens one cohort; announce a new round."),
  ROUND_COHORT_TOO_SMALL(
      "round.cohort-too-small",
      "Fewer silos contributed than the policy's minimum.",
      "Wait for more silos."),
  ROUND_COHORT_CHANGED(
      "round.cohort-changed",
      "A dataset without a cap allows only the job's first cohort.",
      "Wait for the missing silo, or end the job."),
  ROUND_COHORT_MEMBER(
      "round.cohort-member",
      "The cohort names a silo twice or one outside the roster.",
      "Fix a cohort of distinct silos of the roster."),
  ROUND_OPENERS(
      "round.openers",
      "The opening set is too small or names a holder that did not accept.",
      "Name at least the threshold of holders that accepted every contribution."),
  ROUND_MANIFEST_NOT_IN_LOG(
      "round.manifest-not-in-log",
      "The manifest is not in the log.",
      "Append it and gather the witnesses' quorum."),
  ROUND_NO_QUORUM(
      "round.no-quorum", "The checkpoint lacks the witnesses' quorum.", "Wait for more witnesses."),
  ROUND_SECOND_SEAL(
      "round.second-seal",
      "This silo has sealed a contribution for this round before.",
      "Send the stored bytes again."),
  ROUND_FINGERPRINT(
      "round.fingerprint",
      "The fingerprints do not add up to the summed ciphertext's.",
      "Do not use the sum; the log names the carrier."),
  ROUND_OVERFLOW(
      "round.overflow",
      "The sum did not fit the layout.",
      "The charge stays; lower the clip or enlarge the bits."),
  ROUND_SPOILED(
      "round.spoiled",
      "No set of answers opens the sum.",
      "The job stops; a new one of this cohort needs the policy's threshold."),
  ROUND_HOLDERS_MISSING(
      "round.holders-missing",
      "Fewer key holders than the threshold are present.",
      "Wait for the holders; nothing is lost."),
  ROUND_BUDGET(
      "round.budget",
      "Opening this round would exceed a cap.",
      "Nothing is opened; see the budget."),
  ROUND_CHARGE(
      "round.charge",
      "The charge stated is not the price of this round.",
      "State the computed charge."),

  // Contributions and what holders say.
  CONTRIBUTION_LENGTH(
      "contribution.length",
      "The contribution has not the length that the layout gives.",
      "Seal under the announced layout."),
  CONTRIBUTION_DIGEST(
      "contribution.digest",
      "The bytes have not the digest that the header states.",
      "Send the stored bytes again."),
  CONTRIBUTION_SILO(
      "contribution.silo", "The silo is not in the round's roster.", "Check the node's enrolment."),
  CONTRIBUTION_SECOND(
      "contribution.second",
      "This silo has another contribution in this round.",
      "One contribution an institution and round."),
  CONTRIBUTION_MALFORMED(
      "contribution.malformed",
      "The contribution's bytes are malformed.",
      "Seal under the announced parameters."),
  CONTRIBUTION_UNKNOWN(
      "contribution.unknown", "There is no such contribution.", "Post the header first."),
  BOX_INVALID(
      "box.invalid",
      "A box does not open or holds no valid share.",
      "The contribution stays out of the cohort."),
  BOX_KEY_STALE(
      "box.key-stale",
      "A box key is missing, too old or not endorsed.",
      "The holder publishes a new box key."),
  BOX_KEY_ERASED(
      "box.key-erased",
      "The box key's secret was erased.",
      "The round cannot be answered by this holder."),
  HOLDER_SECOND_RECORD(
      "holder.second-record",
      "This holder has a record for another manifest of the round.",
      "The log binds the holder to its first record."),
  HOLDER_NOT_NAMED(
      "holder.not-named",
      "The manifest does not name this holder.",
      "Only the named openers answer."),
  HOLDER_NO_RECORD(
      "holder.no-record",
      "No counting opening record stands in the log.",
      "Record first, answer after a quorum checkpoint."),
  WITNESS_CATCHING_UP(
      "witness.catching-up",
      "The witness has not yet heard enough other witnesses since its start.",
      "Wait until the other witnesses answered."),

  // The log, keys, people, requests.
  LOG_INCONSISTENT(
      "log.inconsistent",
      "The log contradicts what this node has seen of it.",
      "Stop. Keep both checkpoints and call the other institutions."),
  LOG_MISSING_ENTRY(
      "log.missing-entry",
      "An entry that this node submitted is not in the log.",
      "The node stops cosigning and opening until it is."),
  LOG_ENTRY(
      "log.entry", "A log entry is malformed or not properly signed.", "Stop. Keep the entry."),
  STATEMENT_SIGNATURE(
      "statement.signature",
      "A statement's signature does not verify.",
      "Sign with the node key that the policy names."),
  STATEMENT_SIGNER(
      "statement.signer",
      "A statement is signed by a key that may not sign it.",
      "Use the key of the policy for this role."),
  STATEMENT_TYPE(
      "statement.type", "The statement's type is unknown.", "Use a type of this version."),
  STATEMENT_MALFORMED(
      "statement.malformed",
      "A statement is not canonical or lacks a field.",
      "Write the statement as its type demands."),
  AUTH_FAILED(
      "auth.failed", "The caller could not be identified.", "Check the token or certificate."),
  AUTH_FORBIDDEN(
      "auth.forbidden",
      "The caller may not do this.",
      "Use an account with the role that is needed."),
  REQUEST_KEY_REUSED(
      "request.key-reused",
      "This Idempotency-Key came with another request before.",
      "Use a new key for a new request."),
  REQUEST_MALFORMED("request.malformed", "The request is malformed.", "Correct the field named."),
  REQUEST_TOO_LARGE(
      "request.too-large",
      "The request is larger than allowed.",
      "Send no more than the length announced."),
  AUTH_REVOKED(
      "auth.revoked",
      "The caller's key was revoked.",
      "Call the operator of the aggregator; a new key needs a new enrolment."),
  AUTH_EXPIRED(
      "auth.expired",
      "The caller's certificate is not valid now.",
      "Compare the clocks; have a new certificate issued if its time has passed."),
  REQUEST_SIGNATURE(
      "request.signature",
      "The request is not signed by a node of the federation.",
      "Sign each request with the node key that the policy names; see docs/wire-formats.md."),
  REQUEST_DIGEST(
      "request.digest",
      "The request's body is not the one that was signed.",
      "Send it again; if it stays, something on the way changes bodies."),
  REQUEST_CLOCK(
      "request.clock",
      "The request was signed at a time that is too far from the aggregator's clock.",
      "Set the machine's clock by NTP."),
  REQUEST_REPLAYED("request.replayed", "The request was seen before.", "Send a fresh nonce."),
  REQUEST_UNKNOWN(
      "request.unknown",
      "There is no such resource, or not for this caller.",
      "List what there is and compare the id."),
  SERVER_FAILED(
      "server.failed",
      "The service could not finish the request.",
      "Repeat it; if it stays, give the reference to the operator."),
  NODE_UNAVAILABLE("node.unavailable", "The node cannot answer now.", "Try again."),
  STORAGE_FULL("storage.full", "The disk is full.", "Free space; everything acknowledged is kept."),

  // Records at a silo.
  RECORDS_MALFORMED(
      "records.malformed",
      "Records contradict the dataset's schema.",
      "Correct the lines named; they are not used."),
  RECORDS_TOO_FEW(
      "records.too-few",
      "The silo has fewer persons than the policy's minimum.",
      "Do not take part with this dataset."),
  RECORDS_TOO_MANY(
      "records.too-many",
      "The silo has more persons than the policy's maximum.",
      "Agree on a policy with a higher maximum."),
  RECORDS_CHANGED(
      "records.changed",
      "The records changed since the dataset was declared.",
      "Declare the dataset again."),
  TRAINING_NOT_FINITE(
      "training.not-finite",
      "Training gave a value that is no number.",
      "Lower the learning rate or check the records' scale."),
  TRAINING_NO_ENGINE(
      "training.no-engine",
      "This node has no files of PyTorch, and the round trains a neural network.",
      "Put libtorch beside the executable (docs/hospital-it.md), then start the node again.");

  private static final Map<String, Code> BY_TEXT =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Code::text, Function.identity()));

  private final String text;
  private final String sentence;
  private final String remedy;

  Code(String text, String sentence, String remedy) {
    this.text = text;
    this.sentence = sentence;
    this.remedy = remedy;
  }

  /** The stable form, such as {@code round.second-cohort}. */
  public String text() {
    return text;
  }

  /** What was refused, in one sentence. */
  public String sentence() {
    return sentence;
  }

  /** What the reader can do about it. */
  public String remedy() {
    return remedy;
  }

  public static Optional<Code> byText(String text) {
    return Optional.ofNullable(BY_TEXT.get(text));
  }

  @Override
  public String toString() {
    return text;
  }
}
