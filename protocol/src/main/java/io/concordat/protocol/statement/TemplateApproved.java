package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;

/**
 * An institution has reviewed an uploaded model graph, known by the digest of its file.
 *
 * @param name what the reviewers call it; the digest alone decides
 */
public record TemplateApproved(Digest template, String name, String institution)
    implements Statement {
  static TemplateApproved read(JsonObject o) throws DecodeException {
    o.only("template", "name", "institution");
    return new TemplateApproved(
        Fields.digest(o, "template"), Texts.sentence(o, "name"), o.id("institution"));
  }

  @Override
  public StatementType type() {
    return StatementType.TEMPLATE_APPROVED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("template", template.toString())
        .put("name", name)
        .put("institution", institution)
        .build();
  }
}
