package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.SignedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Something for one node besides the log: hints and bulk. Nothing here is believed unchecked. */
public sealed interface WorkItem {
  /**
   * A box for this holder.
   *
   * @param header the contribution's signed header
   * @param box the box object
   */
  record BoxDelivery(SignedStatement header, byte[] box) implements WorkItem {}

  /**
   * What a silo needs to check and open a round itself. The summed ciphertext stands here if it is
   * small, else it is fetched.
   *
   * @param headers of the cohort, in the manifest's order
   * @param fingerprints signed, of the silos that were not silent
   * @param keySums signed, of the holders that the opening names
   * @param objects the bulk object of each key sum, in the same order
   */
  record Opening(
      Digest manifest,
      List<SignedStatement> headers,
      List<SignedStatement> fingerprints,
      List<SignedStatement> keySums,
      List<byte[]> objects,
      Optional<byte[]> sum)
      implements WorkItem {
    public Opening {
      headers = List.copyOf(headers);
      fingerprints = List.copyOf(fingerprints);
      keySums = List.copyOf(keySums);
      objects = List.copyOf(objects);
    }
  }

  /** The newest checkpoint that has the witnesses' quorum, as a signed note. */
  record QuorumCheckpoint(String note) implements WorkItem {}

  /** A statement passed on: a witness's inquiry or answer, a freeze. */
  record Relayed(SignedStatement statement) implements WorkItem {}

  /** The item as it stands in the reply. */
  default JsonObject json() {
    return switch (this) {
      case BoxDelivery(SignedStatement header, byte[] box) ->
          JsonObject.builder()
              .put("type", "box")
              .put("header", header.json())
              .put("box", box)
              .build();
      case Opening opening -> {
        JsonObject.Builder out =
            JsonObject.builder()
                .put("type", "opening")
                .put("manifest", opening.manifest.toString())
                .put("headers", opening.headers.stream().map(SignedStatement::json).toList())
                .put(
                    "fingerprints",
                    opening.fingerprints.stream().map(SignedStatement::json).toList())
                .put("keySums", opening.keySums.stream().map(SignedStatement::json).toList())
                .put(
                    "objects",
                    opening.objects.stream()
                        .map(o -> JsonObject.builder().put("bytes", o).build())
                        .toList());
        opening.sum.ifPresent(s -> out.put("sum", s));
        yield out.build();
      }
      case QuorumCheckpoint(String note) ->
          JsonObject.builder().put("type", "quorum").put("note", note).build();
      case Relayed(SignedStatement statement) ->
          JsonObject.builder().put("type", "relayed").put("statement", statement.json()).build();
    };
  }

  /** Reads an item; signatures are verified here, whose key it was is not. */
  static WorkItem read(JsonObject o) throws DecodeException {
    return switch (o.string("type")) {
      case "box" ->
          new BoxDelivery(
              SignedStatement.read(o.only("type", "header", "box").object("header")),
              o.bytes("box"));
      case "opening" -> {
        o.only("type", "manifest", "headers", "fingerprints", "keySums", "objects", "sum");
        List<byte[]> objects = new ArrayList<>();
        for (JsonObject object : o.objects("objects")) {
          objects.add(object.bytes("bytes"));
        }
        yield new Opening(
            Digest.parse(o.string("manifest")),
            signed(o, "headers"),
            signed(o, "fingerprints"),
            signed(o, "keySums"),
            objects,
            o.has("sum") ? Optional.of(o.bytes("sum")) : Optional.empty());
      }
      case "relayed" ->
          new Relayed(SignedStatement.read(o.only("type", "statement").object("statement")));
      case "quorum" -> new QuorumCheckpoint(o.only("type", "note").string("note"));
      default -> throw o.fault("type", "expected box, opening, quorum or relayed");
    };
  }

  private static List<SignedStatement> signed(JsonObject o, String name) throws DecodeException {
    List<SignedStatement> out = new ArrayList<>();
    for (JsonObject element : o.objects(name)) {
      out.add(SignedStatement.read(element));
    }
    return out;
  }
}
