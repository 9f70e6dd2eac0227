package io.concordat.protocol.core;

import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.statement.SignedStatement;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What nodes are handed beside the log. Nothing of it is stored: every item can be made again from
 * the rounds' states after a start, under greater numbers than any before.
 */
final class Feed {
  /** Tag of items that no round's end removes. */
  static final String UNTIL_RESTART = "";

  private static final String QUORUM = "quorum";
  private static final String EVERYBODY = "*";

  /** A reply's bulk; one item or entry more than that may still be in it. */
  private static final int REPLY_BYTES = 384 * 1024;

  /** Replies are below {@link WorkReply#MAX_BYTES} as text. */
  private static final int ENTRY_LIMIT = 1000;

  /** How long a node counts as there after its last poll: a poll waits up to 25 s. */
  static final Duration PRESENCE = Duration.ofSeconds(60);

  private static final String ROW = "feed/starts";

  private record Entry(String to, String tag, int weight, Supplier<WorkItem> item) {}

  private final Store store;
  private final TreeMap<Long, Entry> items = new TreeMap<>();
  private final Map<String, Instant> lastSeen = new HashMap<>();
  private final Map<String, List<Long>> inquiries = new HashMap<>();
  private final Map<String, String> shown = new HashMap<>();
  private long next = 1;

  Feed(Store store) {
    this.store = store;
  }

  /** Begins a new stretch of sequence numbers, above all that earlier starts can have used. */
  Write start() {
    long starts =
        store.get(ROW).map(r -> Long.parseLong(new String(r, StandardCharsets.US_ASCII))).orElse(0L)
            + 1;
    long offset = next - 1;
    TreeMap<Long, Entry> moved = new TreeMap<>();
    next = (starts << 32) + 1;
    items.forEach((seq, entry) -> moved.put(next + seq - 1, entry));
    items.clear();
    items.putAll(moved);
    next += offset;
    return Write.put(ROW, Long.toString(starts));
  }

  void sees(String institution, Instant now) {
    lastSeen.put(institution, now);
  }

  Set<String> seen(Instant now) {
    return lastSeen.entrySet().stream()
        .filter(e -> e.getValue().plus(PRESENCE).isAfter(now))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private long add(Entry entry) {
    items.put(next, entry);
    return next++;
  }

  void toOne(String to, String tag, WorkItem item) {
    add(new Entry(to, tag, 1024, () -> item));
  }

  /** An inquiry goes to the other witnesses and replaces the asker's earlier one. */
  void inquiry(String from, List<String> witnesses, WorkItem item) {
    List<Long> old = inquiries.remove(from);
    if (old != null) {
      old.forEach(items::remove);
    }
    List<Long> sent = new ArrayList<>();
    for (String witness : witnesses) {
      if (!witness.equals(from)) {
        sent.add(add(new Entry(witness, UNTIL_RESTART, 1024, () -> item)));
      }
    }
    inquiries.put(from, sent);
  }

  /** The newest quorum checkpoint replaces the one before for everybody. */
  void quorum(String note) {
    items.values().removeIf(e -> e.tag.equals(QUORUM));
    add(new Entry(EVERYBODY, QUORUM, 1024, () -> new WorkItem.QuorumCheckpoint(note)));
  }

  void box(String holder, RoundContext ctx, SignedStatement header, int position) {
    String row = Names.box(header.digest(), position);
    add(
        new Entry(
            holder,
            ctx.toString(),
            48 * 1024,
            () -> new WorkItem.BoxDelivery(header, store.get(row).orElseThrow())));
  }

  void opening(String silo, RoundContext ctx, Supplier<WorkItem> opening) {
    add(new Entry(silo, openingTag(ctx.toString()), 256 * 1024, opening));
  }

  private static String openingTag(String ctx) {
    return "opening/" + ctx;
  }

  /** A round ended: its boxes go, and unless its opening is the newest one, that too. */
  void retire(RoundContext ctx, boolean keepOpening) {
    String boxes = ctx.toString();
    String opening = openingTag(boxes);
    items.values().removeIf(e -> e.tag.equals(boxes) || !keepOpening && e.tag.equals(opening));
  }

  Optional<WorkReply> reply(String to, Cursor after, long size, Notes notes) {
    int weight = 0;
    List<byte[]> entries = new ArrayList<>();
    if (after.logSize() < size) {
      int wanted = (int) Math.min(ENTRY_LIMIT, size - after.logSize());
      for (byte[] leaf : store.leaves(after.logSize(), wanted)) {
        if (weight > REPLY_BYTES) {
          break;
        }
        entries.add(leaf);
        weight += leaf.length;
      }
    }
    long covered = Math.min(after.logSize(), size) + entries.size();
    List<WorkItem> out = new ArrayList<>();
    long last = after.item();
    for (Map.Entry<Long, Entry> e : items.tailMap(after.item(), false).entrySet()) {
      if (e.getValue().to.equals(to) || e.getValue().to.equals(EVERYBODY)) {
        if (weight > REPLY_BYTES) {
          break;
        }
        out.add(e.getValue().item.get());
        weight += e.getValue().weight;
      }
      last = e.getKey();
    }
    // A node that has more entries than this log: the log was set back. It is shown the head, once
    // for each new one, and finds out by itself what that is worth.
    boolean ahead = after.logSize() > size && !notes.newest(covered).equals(shown.get(to));
    if (entries.isEmpty() && out.isEmpty() && !ahead) {
      return Optional.empty();
    }
    if (ahead) {
      shown.put(to, notes.newest(covered));
    }
    return Optional.of(
        new WorkReply(new Cursor(covered, last), entries, notes.newest(covered), out));
  }
}
