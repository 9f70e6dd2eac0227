package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.statement.SignedStatement;
import java.util.List;

/**
 * A message of a node to the aggregator. It stands in the store (among the writes that came with
 * it) until the shell reports it delivered or refused, and is sent again with the same bytes.
 */
public sealed interface Outgoing {
  /** Names the message in {@link NodeEvent.Delivered}; the same message keeps it over restarts. */
  String id();

  /**
   * POST of a signed statement.
   *
   * @param attachments keys of rows whose bytes are the attachments, in order
   * @param inlineBlob name of a blob that may travel as the last attachment if it is at most {@link
   *     #INLINE_BYTES} long, and is then not uploaded; empty if there is none
   */
  record Post(String id, SignedStatement statement, List<String> attachments, String inlineBlob)
      implements Outgoing {
    public Post {
      attachments = List.copyOf(attachments);
    }
  }

  /** Upload of a ciphertext in chunks; the header was posted before and accepted. */
  record Upload(String id, Digest contribution, String blob) implements Outgoing {}

  /** POST of a cosignature line. */
  record Cosignature(String id, String line) implements Outgoing {}

  /** Largest ciphertext that travels with its header, which saves a round trip. */
  int INLINE_BYTES = 512 * 1024;

  /** The row's form. */
  default JsonObject json() {
    return switch (this) {
      case Post post ->
          JsonObject.builder()
              .put("kind", "post")
              .put("id", post.id)
              .put("signed", post.statement.json())
              .put("attachments", post.attachments)
              .put("inlineBlob", post.inlineBlob)
              .build();
      case Upload upload ->
          JsonObject.builder()
              .put("kind", "upload")
              .put("id", upload.id)
              .put("contribution", upload.contribution.toString())
              .put("blob", upload.blob)
              .build();
      case Cosignature(String id, String line) ->
          JsonObject.builder().put("kind", "cosignature").put("id", id).put("line", line).build();
    };
  }

  /** Reads the row's form. */
  static Outgoing fromJson(JsonObject o) throws DecodeException {
    return switch (o.string("kind")) {
      case "post" ->
          new Post(
              o.string("id"),
              SignedStatement.stored(o.object("signed")),
              o.strings("attachments"),
              o.string("inlineBlob"));
      case "upload" ->
          new Upload(o.string("id"), Digest.parse(o.string("contribution")), o.string("blob"));
      case "cosignature" -> new Cosignature(o.string("id"), o.string("line"));
      default -> throw o.fault("kind", "expected post, upload or cosignature");
    };
  }
}
