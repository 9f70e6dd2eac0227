package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.LogLeaf;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The answer to a node's poll.
 *
 * @param cursor where to ask from next
 * @param entries whole entries of the log from the asked size on
 * @param checkpoint the newest signed note that covers no more than asked size + entries, with the
 *     cosignatures gathered so far; empty if there is none
 * @param items typed items for this node
 * @param answers what became of messages that came with this poll or an earlier one
 */
public record WorkReply(
    Cursor cursor,
    List<byte[]> entries,
    String checkpoint,
    List<WorkItem> items,
    List<Answer> answers) {
  /**
   * Longest body. The largest item is the opening of a cohort of 500 under 32 holders: a header is
   * below 3.4 KB and a fingerprint below 0.5 KB, a third more as base64url and 250 bytes for
   * signature and names; 32 key sums of 32 KiB and a sum of 128 KiB, a third more. That is 4.5 MB,
   * beside entries and items of another 0.6 MB at most.
   */
  public static final int MAX_BYTES = 8 << 20;

  public WorkReply {
    entries = List.copyOf(entries);
    items = List.copyOf(items);
    answers = List.copyOf(answers);
  }

  /** A reply to a poll that brought no messages. */
  public WorkReply(Cursor cursor, List<byte[]> entries, String checkpoint, List<WorkItem> items) {
    this(cursor, entries, checkpoint, items, List.of());
  }

  /**
   * What became of a message.
   *
   * @param message the id that the node gave it
   * @param refusal why it was not taken; empty if it was, and is on the disk
   * @param repeat whether the same message may be taken at another time
   */
  public record Answer(String message, Optional<Refusal> refusal, boolean repeat) {
    /** The message was taken. */
    public static Answer taken(String message) {
      return new Answer(message, Optional.empty(), false);
    }

    private JsonObject json() {
      JsonObject.Builder out = JsonObject.builder().put("message", message);
      refusal.ifPresent(
          r -> out.put("code", r.code().text()).put("detail", r.detail()).put("repeat", repeat));
      return out.build();
    }

    private static Answer read(JsonObject o) throws DecodeException {
      String message = o.only("message", "code", "detail", "repeat").string("message");
      if (!o.has("code")) {
        return taken(message);
      }
      Code code = Code.byText(o.string("code")).orElse(Code.SERVER_FAILED);
      return new Answer(
          message, Optional.of(Refusal.of(code, o.string("detail"))), o.bool("repeat"));
    }
  }

  /** Whether there is more in it than answers. */
  public boolean hasNews() {
    return !entries.isEmpty() || !items.isEmpty() || !checkpoint.isEmpty();
  }

  /** The same with answers. */
  public WorkReply with(List<Answer> more) {
    return new WorkReply(cursor, entries, checkpoint, items, more);
  }

  /** The JSON body. It may be larger than statements may be, hence not the canonical writer's. */
  public byte[] bytes() {
    // Put together from bytes: what an item holds is long, and a text of all would be copied twice.
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    put(out, "{");
    if (!answers.isEmpty()) {
      put(out, "\"answers\":[");
      list(out, answers, answer -> answer.json().bytes());
      put(out, "],");
    }
    put(out, "\"checkpoint\":");
    out.writeBytes(CanonicalJson.write(checkpoint));
    put(out, ",\"cursor\":\"" + cursor + "\",\"entries\":[");
    list(out, entries, WorkReply::quoted);
    put(out, "],\"items\":[");
    list(out, items, item -> item.json().bytes());
    put(out, "]}");
    return out.toByteArray();
  }

  private static <T> void list(ByteArrayOutputStream out, List<T> all, Function<T, byte[]> json) {
    for (int i = 0; i < all.size(); i++) {
      put(out, i == 0 ? "" : ",");
      out.writeBytes(json.apply(all.get(i)));
    }
  }

  private static byte[] quoted(byte[] entry) {
    return ('"' + Base64.getUrlEncoder().withoutPadding().encodeToString(entry) + '"')
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static void put(ByteArrayOutputStream out, String ascii) {
    out.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads {@link #bytes}. */
  public static WorkReply read(byte[] body) throws DecodeException {
    JsonObject o =
        CanonicalJson.readObject(body, MAX_BYTES)
            .only("cursor", "entries", "checkpoint", "items", "answers");
    List<byte[]> entries = new ArrayList<>();
    for (String entry : o.strings("entries")) {
      byte[] bytes;
      try {
        bytes = Base64.getUrlDecoder().decode(entry);
      } catch (IllegalArgumentException e) {
        throw o.fault("entries", "expected base64url");
      }
      // What no tree can hold, or a manifest's digest without the manifest, is refused with the
      // whole answer: replayed as an entry that does not read, it would split the members'
      // opinions.
      LogLeaf.of(bytes);
      entries.add(bytes);
    }
    List<WorkItem> items = new ArrayList<>();
    for (JsonObject item : o.objects("items")) {
      items.add(WorkItem.read(item));
    }
    List<Answer> answers = new ArrayList<>();
    if (o.has("answers")) {
      for (JsonObject answer : o.objects("answers")) {
        answers.add(Answer.read(answer));
      }
    }
    return new WorkReply(
        Cursor.parse(o.string("cursor")), entries, o.string("checkpoint"), items, answers);
  }
}
