package io.concordat.aggregator.intake;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import io.concordat.crypto.bulk.Digest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** The rows of chunks, each call its own transaction. */
@ApplicationScoped
class ChunkRows {
  /**
   * One addition at a time. SQLite orders writers by itself; under PostgreSQL two that hold the
   * last two chunks would each not see the other's, and nobody would find the contribution
   * complete. One process has a home, so a lock of the process is enough.
   */
  private final ReentrantLock adding = new ReentrantLock();

  Incoming read(Digest contribution, String silo, long length) {
    return QuarkusTransaction.requiringNew().call(() -> inTransaction(contribution, silo, length));
  }

  /** Adds a chunk and tells what is there then. Two requests for one chunk leave one row. */
  Incoming add(Digest contribution, String silo, long length, int index, Digest leaf) {
    adding.lock();
    try {
      return QuarkusTransaction.requiringNew()
          .call(() -> {
            // The write comes first: it takes SQLite's lock, so what is read after it is the
            // newest.
            ChunkEntity.delete(
                "contribution = ?1 and chunk = ?2", contribution.hex(), (long) index);
            ChunkEntity row = new ChunkEntity();
            row.contribution = contribution.hex();
            row.chunk = index;
            row.silo = silo;
            row.bytes = length;
            row.leaf = leaf.hex();
            row.persistAndFlush();
            return inTransaction(contribution, silo, length);
          });
    } finally {
      adding.unlock();
    }
  }

  void forget(Digest contribution) {
    QuarkusTransaction.requiringNew()
        .run(() -> ChunkEntity.delete("contribution", contribution.hex()));
  }

  /** Announced bytes of the contributions of this silo that have begun to arrive. */
  long unfinishedBytes(String silo) {
    return QuarkusTransaction.requiringNew()
        .call(() -> {
          List<ChunkEntity> rows = ChunkEntity.list("silo", silo);
          return rows.stream()
              .collect(
                  java.util.stream.Collectors.toMap(
                      row -> row.contribution, row -> row.bytes, Math::max))
              .values()
              .stream()
              .mapToLong(Long::longValue)
              .sum();
        });
  }

  /** Bytes that are here of those contributions of which something has arrived. */
  Map<Digest, Long> arrived(Collection<Digest> contributions) {
    return QuarkusTransaction.requiringNew()
        .call(() -> {
          Map<Digest, Long> out = new HashMap<>();
          for (Digest contribution : contributions) {
            List<ChunkEntity> rows = ChunkEntity.list("contribution", contribution.hex());
            if (!rows.isEmpty()) {
              ChunkEntity any = rows.getFirst();
              out.put(
                  contribution, incoming(contribution, any.silo, any.bytes, rows).arrivedBytes());
            }
          }
          return out;
        });
  }

  /** Contributions of which something has arrived. */
  List<String> contributions() {
    return QuarkusTransaction.requiringNew()
        .call(() ->
            ChunkEntity.<ChunkEntity>listAll().stream()
                .map(row -> row.contribution)
                .distinct()
                .toList());
  }

  private static Incoming inTransaction(Digest contribution, String silo, long length) {
    return incoming(
        contribution, silo, length, ChunkEntity.list("contribution", contribution.hex()));
  }

  private static Incoming incoming(
      Digest contribution, String silo, long length, List<ChunkEntity> rows) {
    SortedMap<Integer, Digest> leaves = new TreeMap<>();
    for (ChunkEntity row : rows) {
      try {
        leaves.put((int) row.chunk, Digest.parseHex(row.leaf));
      } catch (DecodeException ours) {
        throw new InvariantViolation("a stored chunk's digest does not read", ours);
      }
    }
    return new Incoming(contribution, silo, length, leaves);
  }
}
