package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.json.JsonObject;
import java.util.Arrays;

/**
 * A holder's public box key for one job and epoch.
 *
 * @param key the X-Wing public key, 1,216 bytes
 */
public record BoxKeyPublished(Digest job, int epoch, int position, byte[] key)
    implements Statement {
  /** X25519 and ML-KEM-768 public keys together. */
  public static final int KEY_BYTES = 1216;

  public BoxKeyPublished {
    key = key.clone();
  }

  static BoxKeyPublished read(JsonObject o) throws DecodeException {
    o.only("job", "epoch", "position", "key");
    return new BoxKeyPublished(
        Fields.digest(o, "job"),
        o.smallInteger("epoch", 1, Fields.MAX_ROUND),
        Fields.position(o),
        o.bytes("key", KEY_BYTES));
  }

  @Override
  public byte[] key() {
    return key.clone();
  }

  /** As announcements name it. */
  public Digest keyDigest() {
    return Digests.sha256(key);
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof BoxKeyPublished that
        && job.equals(that.job)
        && epoch == that.epoch
        && position == that.position
        && Arrays.equals(key, that.key);
  }

  @Override
  public int hashCode() {
    return 31 * job.hashCode() + Arrays.hashCode(key);
  }

  @Override
  public StatementType type() {
    return StatementType.BOX_KEY_PUBLISHED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("job", job.toString())
        .put("epoch", epoch)
        .put("position", position)
        .put("key", key)
        .build();
  }
}
