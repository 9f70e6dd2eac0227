package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import java.util.Arrays;

/**
 * A silo's three inner products of its stored ciphertext with what the manifest's digest expands
 * to.
 *
 * @param manifest digest of the manifest
 * @param value 24 bytes for each prime of the parameter set
 */
public record FingerprintStated(Digest manifest, String silo, byte[] value) implements Statement {
  /** Six primes, three copies, eight bytes. */
  private static final int MAX_VALUE_BYTES = 144;

  public FingerprintStated {
    value = value.clone();
  }

  static FingerprintStated read(JsonObject o) throws DecodeException {
    o.only("manifest", "silo", "value");
    byte[] value = o.bytes("value");
    if (value.length == 0 || value.length > MAX_VALUE_BYTES || value.length % 24 != 0) {
      throw o.fault("value", "expected 24 bytes for each of at most six primes");
    }
    return new FingerprintStated(Fields.digest(o, "manifest"), o.id("silo"), value);
  }

  @Override
  public byte[] value() {
    return value.clone();
  }

  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof FingerprintStated that
        && manifest.equals(that.manifest)
        && silo.equals(that.silo)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * manifest.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public StatementType type() {
    return StatementType.FINGERPRINT;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("manifest", manifest.toString())
        .put("silo", silo)
        .put("value", value)
        .build();
  }
}
