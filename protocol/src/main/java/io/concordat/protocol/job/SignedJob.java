package io.concordat.protocol.job;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job file and its submitter's signature over {@link #DOMAIN} and the file's bytes. Whether the
 * submitter may submit is a question for the log's endorsements.
 */
public final class SignedJob {
  public static final String DOMAIN = "concordat/job/1";

  private final byte[] file;
  private final VerifyingKey submitter;
  private final byte[] signature;

  private SignedJob(byte[] file, VerifyingKey submitter, byte[] signature) {
    this.file = file;
    this.submitter = submitter;
    this.signature = signature;
  }

  public static SignedJob sign(byte[] file, SigningKey key) {
    return new SignedJob(file.clone(), key.verifyingKey(), key.sign(DOMAIN, file));
  }

  /** Takes a job from outside: nothing is parsed before the signature holds. */
  public static Outcome<SignedJob> verified(byte[] file, VerifyingKey submitter, byte[] signature) {
    if (file.length > JobReader.MAX_BYTES) {
      return Outcome.refused(
          Refusal.of(
              Code.FILE_TOO_LARGE, "a job file has at most " + JobReader.MAX_BYTES + " bytes"));
    }
    if (!submitter.verify(DOMAIN, file, signature)) {
      return Outcome.refused(
          Refusal.of(Code.JOB_SIGNATURE, "not a signature by " + submitter + " over this file"));
    }
    return Outcome.accepted(new SignedJob(file.clone(), submitter, signature.clone()));
  }

  /** What the file says. */
  public Outcome<JobSpecification> specification() {
    return JobReader.read("job " + digest().hex().substring(0, 12), file);
  }

  /** The job's identity. */
  public Digest digest() {
    return Digests.sha256(file);
  }

  public byte[] file() {
    return file.clone();
  }

  public VerifyingKey submitter() {
    return submitter;
  }

  public byte[] signature() {
    return signature.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SignedJob that
        && Arrays.equals(file, that.file)
        && submitter.equals(that.submitter)
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(file), submitter);
  }

  @Override
  public String toString() {
    return "job " + digest() + " by " + submitter;
  }
}
