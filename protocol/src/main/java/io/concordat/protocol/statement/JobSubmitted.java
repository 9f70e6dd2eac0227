package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * A job as its submitter signed it. The signature covers the file's bytes alone, and their SHA-256
 * is the job's name, so that {@code sha256sum} of the file gives it.
 */
public record JobSubmitted(String file, VerifyingKey submitter) implements Statement {
  /** An entry is at most 65,535 bytes; quoting can double a character. */
  public static final int MAX_FILE_BYTES = 24_000;

  static JobSubmitted read(JsonObject o) throws DecodeException {
    o.only("file", "submitter");
    String file = o.string("file");
    if (file.getBytes(StandardCharsets.UTF_8).length > MAX_FILE_BYTES) {
      throw o.fault("file", "expected at most " + MAX_FILE_BYTES + " bytes");
    }
    return new JobSubmitted(file, Fields.key(o, "submitter"));
  }

  /** The file's bytes. */
  public byte[] fileBytes() {
    return file.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] signedBytes() {
    return fileBytes();
  }

  @Override
  public StatementType type() {
    return StatementType.JOB_SUBMITTED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder().put("file", file).put("submitter", submitter.toString()).build();
  }
}
