package io.concordat.protocol.testing;

import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.core.NodeCommand;
import io.concordat.protocol.core.NodeCore;
import io.concordat.protocol.core.NodeEffects;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.NodeSetup;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** A node whose shell is a test: it commits, and keeps what it is asked to send and to do. */
public final class HandNode {
  public final String id;
  public final Handmade log;
  public MemoryRows rows;
  public NodeCore core;
  public final List<NodeCommand> commands = new ArrayList<>();
  public final List<Outgoing> sent = new ArrayList<>();
  public Optional<Refusal> trouble = Optional.empty();

  public HandNode(Handmade log, String id) {
    this(log, id, new MemoryRows());
  }

  /** A node that finds these rows when it starts. */
  public HandNode(Handmade log, String id, MemoryRows rows) {
    this(log, id, rows, log.book(), SiteRules.NONE);
  }

  /** A node with policies and an overlay of its own. */
  public HandNode(Handmade log, String id, MemoryRows rows, PolicyBook book, SiteRules site) {
    this.log = log;
    this.id = id;
    this.rows = rows;
    core =
        NodeCore.open(
            new NodeSetup(
                id,
                log.rules,
                book,
                Handmade.reader(),
                site,
                log.signer(id),
                new Random(id.hashCode())::nextBytes),
            rows);
  }

  public HandNode event(NodeEvent event) {
    NodeEffects effects = core.handle(event, log.time);
    rows.commit(effects.writes());
    commands.addAll(effects.commands());
    sent.addAll(effects.send());
    if (effects.trouble().isPresent()) {
      trouble = effects.trouble();
    }
    return this;
  }

  public HandNode received(WorkReply reply) {
    return event(new NodeEvent.Received(reply));
  }

  /** Everything of this log that the node has not seen, under a quorum. */
  public HandNode caughtUp(Handmade with) {
    return received(with.reply(core.ledger().size()));
  }

  /** Statements of one kind that the node posted. */
  public <S extends Statement> List<S> posted(Class<S> kind) {
    return statements().stream()
        .map(SignedStatement::statement)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  public List<SignedStatement> statements() {
    List<SignedStatement> out = new ArrayList<>();
    for (Outgoing message : sent) {
      if (message instanceof Outgoing.Post post) {
        out.add(post.statement());
      }
    }
    return out;
  }

  /** Cosignature lines that the node posted. */
  public List<String> cosignatures() {
    List<String> out = new ArrayList<>();
    for (Outgoing message : sent) {
      if (message instanceof Outgoing.Cosignature c) {
        out.add(c.line());
      }
    }
    return out;
  }

  /** Commands of one kind. */
  public <C> List<C> asked(Class<C> kind) {
    List<C> out = new ArrayList<>();
    for (NodeCommand command : commands) {
      Object inner =
          switch (command) {
            case NodeCommand.Contribute(var c) -> c;
            case NodeCommand.Hold(var c) -> c;
            case NodeCommand.Discard discard -> discard;
          };
      if (kind.isInstance(inner)) {
        out.add(kind.cast(inner));
      }
    }
    return out;
  }
}
