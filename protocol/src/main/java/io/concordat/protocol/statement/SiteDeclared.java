package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.policy.Approval;

/**
 * What an institution's own officers decide by hand beyond what the policy asks: the part of its
 * site overlay that others have to wait for. It holds for jobs submitted after it.
 */
public record SiteDeclared(String institution, Approval.Mode jobs, Approval.Mode releases)
    implements Statement {
  static SiteDeclared read(JsonObject o) throws DecodeException {
    o.only("institution", "jobs", "releases");
    return new SiteDeclared(o.id("institution"), mode(o, "jobs"), mode(o, "releases"));
  }

  private static Approval.Mode mode(JsonObject o, String name) throws DecodeException {
    return Approval.Mode.byText(o.string(name))
        .orElseThrow(() -> o.fault(name, "expected automatic or manual"));
  }

  @Override
  public StatementType type() {
    return StatementType.SITE_DECLARED;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("institution", institution)
        .put("jobs", jobs.text())
        .put("releases", releases.text())
        .build();
  }
}
