package io.concordat.protocol.statement;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.json.JsonObject;

/** Something an actor of the federation says under its signature. */
public sealed interface Statement
    permits Acceptance,
        BoxKeyPublished,
        CohortFixed,
        ContributionHeader,
        DatasetDeclared,
        FingerprintStated,
        Freeze,
        Genesis,
        JobDecision,
        JobEnded,
        JobSubmitted,
        KeySumStated,
        Notice,
        OpeningRecorded,
        PolicyActivated,
        ReleaseDecision,
        ReleasePublished,
        RoundAnnounced,
        RoundFailed,
        RoundOpened,
        SiteDeclared,
        SubmitterEndorsed,
        TemplateApproved,
        TemplateSubmitted,
        Thaw,
        WitnessAnswer,
        WitnessInquiry {

  /** The row of the table of types. */
  StatementType type();

  /** The members, as they stand in the canonical form. */
  JsonObject json();

  /** The canonical bytes. For a job these hold the file as text; see {@link #signedBytes}. */
  default byte[] bytes() {
    return json().bytes();
  }

  /** What the signature covers after the domain. */
  default byte[] signedBytes() {
    return bytes();
  }

  /** SHA-256 of what is signed: the statement's name everywhere else. */
  default Digest digest() {
    return Digests.sha256(signedBytes());
  }
}
