package io.concordat.silonode.records;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One silo's records of a dataset: two tables that share no patient.
 *
 * @param train rows that models learn from
 * @param evaluation rows that models are measured on, and never learn from
 */
public record SiloRecords(RecordTable train, RecordTable evaluation) {
  private static final String SPLIT_DOMAIN = "concordat/split/1";

  /**
   * Splits by a keyed hash of the patient's id. Without the secret nobody can say on which side a
   * patient lies, and a patient never changes sides as long as the secret stays.
   *
   * @param siloSecret at least 16 bytes that never leave the silo
   * @param holdout the share that evaluates, 0 to below 1
   */
  public static SiloRecords split(RecordTable all, byte[] siloSecret, BigDecimal holdout) {
    if (siloSecret.length < 16) {
      throw new IllegalArgumentException("the split needs a secret of at least 16 bytes");
    }
    if (holdout.signum() < 0 || holdout.compareTo(BigDecimal.ONE) >= 0) {
      throw new IllegalArgumentException("holdout must be 0 to below 1, not " + holdout);
    }
    // A patient evaluates if the first 64 bits of its hash, as a fraction of 2^64, lie below.
    BigInteger border = holdout.multiply(new BigDecimal(BigInteger.TWO.pow(64))).toBigInteger();
    return new SiloRecords(
        all.keep(person -> hash(siloSecret, person).compareTo(border) >= 0),
        all.keep(person -> hash(siloSecret, person).compareTo(border) < 0));
  }

  /**
   * Takes two files as they are. A patient of both stays in evaluation only: otherwise the metrics
   * would be those of a model that knows the answers.
   */
  public static SiloRecords fixed(RecordTable train, RecordTable evaluation) {
    return new SiloRecords(train.keep(person -> !evaluation.hasPerson(person)), evaluation);
  }

  private static BigInteger hash(byte[] secret, String person) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update(SPLIT_DOMAIN.getBytes(StandardCharsets.US_ASCII));
      mac.update((byte) 0);
      byte[] tag = mac.doFinal(person.getBytes(StandardCharsets.UTF_8));
      return new BigInteger(1, tag, 0, 8);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }

  /** Patients of both sides. */
  public int patients() {
    return train.patients() + evaluation.patients();
  }

  /** SHA-256 over both tables' digests, train first. */
  public byte[] sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(train.sha256());
      return digest.digest(evaluation.sha256());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
