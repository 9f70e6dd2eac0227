package io.concordat.protocol.ledger;

import io.concordat.audit.merkle.MerkleFrontier;
import io.concordat.audit.merkle.TreeHash;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where everything stands in the log: the tree, its roots, each entry's type and verdict. */
final class Trail {
  /** Roots kept by size: a quorum checkpoint may be this much older than the newest entry. */
  private static final int KEPT_ROOTS = 1 << 14;

  private final Map<Digest, Long> places = new HashMap<>();
  private final List<Verdict> verdicts = new ArrayList<>();
  private final List<Optional<StatementType>> types = new ArrayList<>();
  private final LinkedHashMap<Long, TreeHash> roots =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, TreeHash> eldest) {
          return size() > KEPT_ROOTS;
        }
      };
  private MerkleFrontier frontier = MerkleFrontier.empty();

  Trail() {
    roots.put(0L, TreeHash.emptyTree());
  }

  /** The next entry; a statement's place is that of its first valid entry. */
  void add(byte[] leaf, Verdict verdict, Optional<SignedStatement> signed) {
    signed
        .filter(s -> verdict instanceof Verdict.Valid)
        .ifPresent(s -> places.putIfAbsent(nameOf(s), frontier.size()));
    frontier = frontier.append(leaf);
    roots.put(frontier.size(), frontier.root());
    verdicts.add(verdict);
    types.add(signed.map(SignedStatement::type));
  }

  private static Digest nameOf(SignedStatement signed) {
    return Digests.sha256(
        signed.type().domain().getBytes(StandardCharsets.US_ASCII), signed.bytes());
  }

  Optional<Long> place(SignedStatement signed) {
    return Optional.ofNullable(places.get(nameOf(signed)));
  }

  MerkleFrontier frontier() {
    return frontier;
  }

  Optional<TreeHash> rootAt(long size) {
    return Optional.ofNullable(roots.get(size));
  }

  Optional<StatementType> type(long index) {
    return types.get(Math.toIntExact(index));
  }

  Verdict verdict(long index) {
    return verdicts.get(Math.toIntExact(index));
  }
}
