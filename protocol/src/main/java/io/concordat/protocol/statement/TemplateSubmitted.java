package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;

/**
 * Somebody asks for a model graph to be reviewed. The graph's file stands in the log itself, so
 * that all reviewers, silos and verifiers have the same bytes.
 *
 * @param file the graph, canonical JSON
 * @param name what its author calls it; the digest alone decides
 */
public record TemplateSubmitted(String file, String name, VerifyingKey submitter)
    implements Statement {
  /** Far more than the longest graph, far less than a log entry. */
  public static final int MAX_BYTES = 16 * 1024;

  static TemplateSubmitted read(JsonObject o) throws DecodeException {
    o.only("file", "name", "submitter");
    String file = o.string("file");
    if (file.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw o.fault("file", "expected at most " + MAX_BYTES + " bytes");
    }
    return new TemplateSubmitted(file, Texts.sentence(o, "name"), Fields.key(o, "submitter"));
  }

  /** The graph's bytes. */
  public byte[] fileBytes() {
    return file.getBytes(StandardCharsets.UTF_8);
  }

  /** The digest by which policies, reviewers and jobs name the graph. */
  public Digest template() {
    return Digests.sha256(fileBytes());
  }

  @Override
  public StatementType type() {
    return StatementType.TEMPLATE_SUBMITTED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("file", file)
        .put("name", name)
        .put("submitter", submitter.toString())
        .build();
  }
}
