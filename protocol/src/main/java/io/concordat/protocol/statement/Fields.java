package io.concordat.protocol.statement;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.protocol.json.JsonObject;
import java.util.Comparator;
import java.util.List;

/** Fields that several statements have, read and bounded in one place. */
final class Fields {
  /** Largest number of key holders that a policy may name. */
  static final int MAX_HOLDERS = 32;

  /** Largest cohort and roster. */
  static final int MAX_SILOS = 500;

  /** Rounds of one job. */
  static final int MAX_ROUND = 1_000_000;

  /** Numbers that only count up, and places in the log: what JSON holds exactly. */
  static final long MAX_NUMBER = (1L << 53) - 1;

  private Fields() {}

  static Digest digest(JsonObject o, String name) throws DecodeException {
    return Digest.parse(o.string(name));
  }

  static VerifyingKey key(JsonObject o, String name) throws DecodeException {
    return VerifyingKey.parse(o.string(name));
  }

  static RoundContext ctx(JsonObject o) throws DecodeException {
    return RoundContext.parse(o.string("ctx"));
  }

  static int position(JsonObject o) throws DecodeException {
    return o.smallInteger("position", 1, MAX_HOLDERS);
  }

  static List<Integer> positions(JsonObject o, String name) throws DecodeException {
    List<Integer> positions =
        o.integers(name, 1, MAX_HOLDERS).stream().map(Math::toIntExact).toList();
    if (!ascending(positions, Comparator.naturalOrder())) {
      throw o.fault(name, "expected distinct positions, ascending");
    }
    return positions;
  }

  /** Strictly ascending: sorted and without a repeat. */
  static <T> boolean ascending(List<T> values, Comparator<? super T> order) {
    for (int i = 1; i < values.size(); i++) {
      if (order.compare(values.get(i - 1), values.get(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Silo ids must be sorted as ASCII bytes, which for their alphabet is String order. */
  static List<String> sortedIds(JsonObject o, String name, int min) throws DecodeException {
    List<String> ids = o.ids(name);
    if (ids.size() < min || ids.size() > MAX_SILOS) {
      throw o.fault(name, "expected " + min + " to " + MAX_SILOS + " ids");
    }
    if (!ascending(ids, Comparator.naturalOrder())) {
      throw o.fault(name, "expected distinct ids, ascending");
    }
    return ids;
  }

  static List<Member> members(JsonObject o, String name) throws DecodeException {
    List<Member> out = new java.util.ArrayList<>();
    for (JsonObject m : o.objects(name)) {
      out.add(Member.read(m));
    }
    if (out.size() > MAX_SILOS) {
      throw o.fault(name, "expected at most " + MAX_SILOS + " contributions");
    }
    if (!ascending(out, Comparator.comparing(Member::silo))) {
      throw o.fault(name, "expected distinct silos, ascending");
    }
    return List.copyOf(out);
  }
}
