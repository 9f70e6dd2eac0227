package io.concordat.silonode.records;

import io.concordat.protocol.policy.Holdout;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
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
   * Splits as the dataset's policy says. By fraction: a keyed hash of the patient's id decides, so
   * that without the secret nobody can say on which side a patient lies, and nobody changes sides
   * while the secret stays. By column: a patient with one row of an evaluation value evaluates with
   * all of them, since the metrics of a model that has seen the patient would flatter it.
   *
   * @param siloSecret at least 16 bytes that never leave the silo
   */
  public static SiloRecords split(RecordTable all, byte[] siloSecret) {
    return switch (all.dataset().holdout()) {
      case Holdout.None() -> new SiloRecords(all, RecordTable.empty(all.dataset()));
      case Holdout.Fraction(BigDecimal fraction) -> byHash(all, siloSecret, fraction);
      case Holdout.ByColumn(String column, List<String> values) -> {
        Set<String> evaluate = all.personsWith(row -> values.contains(row.level(column)));
        yield new SiloRecords(
            all.keep(person -> !evaluate.contains(person)), all.keep(evaluate::contains));
      }
    };
  }

  /**
   * Splits the train side once more, for choosing rates without a look at the evaluation patients.
   *
   * @param key at least 16 bytes; another key is another split
   * @param fraction about this part of the train patients validates
   */
  public SiloRecords validating(byte[] key, BigDecimal fraction) {
    return byHash(train, key, fraction);
  }

  private static SiloRecords byHash(RecordTable all, byte[] siloSecret, BigDecimal fraction) {
    if (siloSecret.length < 16) {
      throw new IllegalArgumentException("the split needs a secret of at least 16 bytes");
    }
    // A patient evaluates if the first 64 bits of its hash, as a fraction of 2^64, lie below.
    BigInteger border = fraction.multiply(new BigDecimal(BigInteger.TWO.pow(64))).toBigInteger();
    return new SiloRecords(
        all.keep(person -> hash(siloSecret, person).compareTo(border) >= 0),
        all.keep(person -> hash(siloSecret, person).compareTo(border) < 0));
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
