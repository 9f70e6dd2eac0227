package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a silo signs about its encrypted vector. SHA-256 of these bytes is the contribution's name.
 *
 * @param ctx the round
 * @param silo the sender
 * @param length bytes of the ciphertext object, head included
 * @param root its digest tree
 * @param boxes digest of the box for each holder that the announcement names, ascending
 * @param chargeUnits what the silo charges to the budget, in billionths of rho at the cap's order;
 *     0 for exact analyses
 */
public record ContributionHeader(
    RoundContext ctx, String silo, long length, Digest root, List<Box> boxes, long chargeUnits)
    implements Statement {
  public ContributionHeader {
    boxes = List.copyOf(boxes);
  }

  /** Digest of the box object for one holder. */
  public record Box(int position, Digest digest) {
    static Box read(JsonObject o) throws DecodeException {
      o.only("position", "digest");
      return new Box(Fields.position(o), Fields.digest(o, "digest"));
    }

    JsonObject json() {
      return JsonObject.builder()
          .put("position", position)
          .put("digest", digest.toString())
          .build();
    }
  }

  static ContributionHeader read(JsonObject o) throws DecodeException {
    o.only("ctx", "silo", "length", "root", "boxes", "charge");
    List<Box> boxes = new ArrayList<>();
    for (JsonObject box : o.objects("boxes")) {
      boxes.add(Box.read(box));
    }
    if (!Fields.ascending(boxes, Comparator.comparing(Box::position))) {
      throw o.fault("boxes", "expected distinct positions, ascending");
    }
    JsonObject charge = o.object("charge").only("rhoUnits");
    return new ContributionHeader(
        Fields.ctx(o),
        o.id("silo"),
        o.integer("length", 1, 1L << 50),
        Fields.digest(o, "root"),
        boxes,
        charge.integer("rhoUnits", 0, 1L << 52));
  }

  /** The box for this holder, if there is one. */
  public java.util.Optional<Digest> box(int position) {
    return boxes.stream().filter(b -> b.position() == position).map(Box::digest).findFirst();
  }

  @Override
  public StatementType type() {
    return StatementType.CONTRIBUTION;
  }

  @Override
  public JsonObject json() {
    return JsonObject.builder()
        .put("ctx", ctx.toString())
        .put("silo", silo)
        .put("length", length)
        .put("root", root.toString())
        .put("boxes", boxes.stream().map(Box::json).toList())
        .put("charge", JsonObject.builder().put("rhoUnits", chargeUnits).build())
        .build();
  }
}
