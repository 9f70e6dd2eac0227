package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The answer to a node's poll.
 *
 * @param cursor where to ask from next
 * @param entries leaves from the asked size on
 * @param checkpoint the newest signed note that covers no more than asked size + entries, with the
 *     cosignatures gathered so far; empty if there is none
 * @param items typed items for this node
 */
public record WorkReply(
    Cursor cursor, List<byte[]> entries, String checkpoint, List<WorkItem> items) {
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
  }

  /** The JSON body. It may be larger than statements may be, hence not the canonical reader's. */
  public byte[] bytes() {
    StringBuilder out = new StringBuilder();
    out.append("{\"cursor\":\"").append(cursor).append("\",\"entries\":[");
    String separator = "";
    for (byte[] entry : entries) {
      out.append(separator)
          .append('"')
          .append(Base64.getUrlEncoder().withoutPadding().encodeToString(entry))
          .append('"');
      separator = ",";
    }
    out.append("],\"checkpoint\":");
    out.append(text(CanonicalJson.write(checkpoint)));
    out.append(",\"items\":[");
    separator = "";
    for (WorkItem item : items) {
      out.append(separator).append(text(item.json().bytes()));
      separator = ",";
    }
    return out.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** Reads {@link #bytes}. */
  public static WorkReply read(byte[] body) throws DecodeException {
    JsonObject o =
        CanonicalJson.readObject(body, MAX_BYTES).only("cursor", "entries", "checkpoint", "items");
    List<byte[]> entries = new ArrayList<>();
    for (String entry : o.strings("entries")) {
      try {
        entries.add(Base64.getUrlDecoder().decode(entry));
      } catch (IllegalArgumentException e) {
        throw o.fault("entries", "expected base64url");
      }
    }
    List<WorkItem> items = new ArrayList<>();
    for (JsonObject item : o.objects("items")) {
      items.add(WorkItem.read(item));
    }
    return new WorkReply(Cursor.parse(o.string("cursor")), entries, o.string("checkpoint"), items);
  }
}
