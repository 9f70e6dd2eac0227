package io.concordat.protocol.core;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.round.RoundState;
import io.concordat.protocol.statement.SignedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A round in the aggregator's store: one row for what it decided, one for each statement of others.
 * Statements are never changed or removed, so an auditor finds them later.
 */
final class RoundRows {
  private RoundRows() {}

  static String prefix(RoundContext ctx) {
    return "round/" + Names.hex(ctx) + "/";
  }

  static List<Write> fresh(RoundState state) {
    List<Write> out = new ArrayList<>();
    out.add(Write.put(prefix(state.ctx()) + "state", state.toJson()));
    return out;
  }

  static List<Write> diff(RoundState before, RoundState after) {
    List<Write> out = fresh(after);
    String prefix = prefix(after.ctx());
    diff(out, prefix + "header/", before.headers(), after.headers());
    diff(out, prefix + "acceptance/", before.acceptances(), after.acceptances());
    diff(out, prefix + "fingerprint/", before.fingerprints(), after.fingerprints());
    diff(out, prefix + "key-sum/", before.keySums(), after.keySums());
    return out;
  }

  private static <K> void diff(
      List<Write> out,
      String prefix,
      Map<K, SignedStatement> before,
      Map<K, SignedStatement> after) {
    after.forEach((key, statement) -> {
      if (!statement.equals(before.get(key))) {
        out.add(Write.put(prefix + key, statement.json()));
      }
    });
    before.forEach((key, statement) -> {
      if (!after.containsKey(key)) {
        out.add(new Write.Delete(prefix + key));
      }
    });
  }

  static Optional<RoundState> load(Store store, RoundContext ctx) {
    SortedMap<String, byte[]> rows = store.scan(prefix(ctx));
    byte[] state = rows.get(prefix(ctx) + "state");
    if (state == null) {
      return Optional.empty();
    }
    try {
      List<SignedStatement> statements = new ArrayList<>();
      for (Map.Entry<String, byte[]> row : rows.entrySet()) {
        if (!row.getKey().endsWith("/state")) {
          statements.add(SignedStatement.stored(CanonicalJson.parseObject(row.getValue())));
        }
      }
      return Optional.of(RoundState.fromJson(CanonicalJson.parseObject(state), statements));
    } catch (DecodeException e) {
      throw new InvariantViolation("a stored round does not read", e);
    }
  }
}
