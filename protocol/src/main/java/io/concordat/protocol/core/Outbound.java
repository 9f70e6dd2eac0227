package io.concordat.protocol.core;

import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.SignedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a node's event has brought about so far; alive for one event. */
final class Outbound {
  final List<Write> writes = new ArrayList<>();
  final List<Draft> messages = new ArrayList<>();
  final List<NodeCommand> commands = new ArrayList<>();
  Optional<Refusal> trouble = Optional.empty();

  /** Whether the writes must be on the disk before anything leaves. */
  boolean diskFirst;

  /** A message without its number. */
  interface Draft {
    Outgoing numbered(long number);

    /** Earlier messages with this tag are replaced; empty if every one of them matters. */
    Optional<String> replaces();
  }

  /** Posts what this node must never forget that it said. */
  void post(SignedStatement statement) {
    post(statement, List.of(), "");
  }

  void post(SignedStatement statement, List<String> attachments, String inlineBlob) {
    diskFirst = true;
    repeatable(statement, attachments, inlineBlob);
  }

  /** Posts what follows from rows on the disk and would be said again in the same words. */
  void repeatable(SignedStatement statement, List<String> attachments, String inlineBlob) {
    add(
        Optional.empty(),
        id -> new Outgoing.Post(id, statement, attachments, inlineBlob),
        statement.digest().hex());
  }

  /** Posts a statement of which only the newest matters, and which may be said again. */
  void postNewest(String tag, SignedStatement statement) {
    add(Optional.of(tag), id -> new Outgoing.Post(id, statement, List.of(), ""), tag);
  }

  void cosignature(String line) {
    diskFirst = true;
    add(Optional.of("cosignature"), id -> new Outgoing.Cosignature(id, line), "cosignature");
  }

  void upload(io.concordat.crypto.bulk.Digest contribution, String blob) {
    add(
        Optional.empty(),
        id -> new Outgoing.Upload(id, contribution, blob),
        "upload" + contribution.hex());
  }

  private void add(
      Optional<String> replaces, java.util.function.Function<String, Outgoing> make, String tag) {
    messages.add(
        new Draft() {
          @Override
          public Outgoing numbered(long number) {
            return make.apply(String.format("%019d-%s", number, tag));
          }

          @Override
          public Optional<String> replaces() {
            return replaces;
          }
        });
  }
}
