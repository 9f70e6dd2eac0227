package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * The aggregator gives a job's result out, as these very bytes.
 *
 * @param result digest of the final public state, as the job's end says it
 * @param document digest of the document that people get
 * @param claims digest of the sheet that says what is claimed about its privacy
 */
public record ReleasePublished(Digest job, Digest result, Digest document, Digest claims)
    implements Statement {
  static ReleasePublished read(JsonObject o) throws DecodeException {
    o.only("job", "result", "document", "claims");
    return new ReleasePublished(
        Fields.digest(o, "job"),
        Fields.digest(o, "result"),
        Fields.digest(o, "document"),
        Fields.digest(o, "claims"));
  }

  @Override
  public StatementType type() {
    return StatementType.RELEASE_PUBLISHED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("job", job.toString())
        .put("result", result.toString())
        .put("document", document.toString())
        .put("claims", claims.toString())
        .build();
  }
}
