package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.JsonObject;
import java.util.List;

/**
 * The contributions whose boxes a holder has opened, checked and stored. A later list of the same
 * holder and round replaces an earlier one and may only add to it.
 */
public record Acceptance(RoundContext ctx, int position, List<Member> accepted)
    implements Statement {
  public Acceptance {
    accepted = List.copyOf(accepted);
  }

  static Acceptance read(JsonObject o) throws DecodeException {
    o.only("ctx", "position", "accepted");
    return new Acceptance(Fields.ctx(o), Fields.position(o), Fields.members(o, "accepted"));
  }

  @Override
  public StatementType type() {
    return StatementType.ACCEPTANCE;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("ctx", ctx.toString())
        .put("position", position)
        .put("accepted", accepted.stream().map(Member::json).toList())
        .build();
  }
}
