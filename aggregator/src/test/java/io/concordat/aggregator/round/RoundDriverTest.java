package io.concordat.aggregator.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.aggregator.problem.ProblemException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.core.AggregatorCore;
import io.concordat.protocol.core.AggregatorEvent;
import io.concordat.protocol.core.AggregatorSetup;
import io.concordat.protocol.core.LateStore;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.Write;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.Notice;
import io.concordat.protocol.statement.StatementSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoundDriverTest {
  private final FlakyStore store = new FlakyStore();
  private final LateStore late = new LateStore(store);
  private final RoundDriver driver =
      new RoundDriver(
          () -> AggregatorCore.open(setup(), late),
          late,
          command -> new AggregatorEvent.WorkFailed(command),
          Clock.systemUTC(),
          writes -> {});

  private static AggregatorSetup setup() {
    SigningKey key = SigningKey.fromSeed(Digests.sha256("log").bytes());
    FederationRules rules =
        new FederationRules(
            "test",
            1,
            Digests.sha256("policy"),
            Instant.EPOCH,
            Instant.parse("2100-01-01T00:00:00Z"),
            key.verifyingKey(),
            "concordat.example/test",
            Map.of(
                "clinic",
                new FederationRules.Institution(
                    SigningKey.fromSeed(Digests.sha256("clinic").bytes()).verifyingKey(),
                    List.of(),
                    true)),
            List.of("clinic"),
            1,
            0,
            List.of("clinic"),
            1,
            1,
            2,
            0,
            16,
            false,
            false,
            Set.of(),
            Map.of(),
            FederationRules.Lasting.NONE);
    return new AggregatorSetup(
        rules,
        PolicyBook.of(rules),
        (file, under) -> {
          throw new RefusedException(Refusal.of(Code.JOB_OUTSIDE_POLICY, "no jobs here"));
        },
        StatementSigner.of(key),
        AggregatorSetup.Times.USUAL);
  }

  /** Rows and leaves in memory, with a disk that can be full. */
  private static final class FlakyStore implements Store {
    private final TreeMap<String, byte[]> rows = new TreeMap<>();
    private final List<byte[]> leaves = new ArrayList<>();
    private volatile boolean full;
    private volatile int commits;
    private volatile Duration delay = Duration.ZERO;

    @Override
    public synchronized SortedMap<String, byte[]> scan(String prefix) {
      return new TreeMap<>(rows.subMap(prefix, prefix + Character.MAX_VALUE));
    }

    @Override
    public synchronized Optional<byte[]> get(String key) {
      return Optional.ofNullable(rows.get(key));
    }

    @Override
    public synchronized List<byte[]> leaves(long from, int limit) {
      int start = (int) Math.min(from, leaves.size());
      return List.copyOf(leaves.subList(start, Math.min(leaves.size(), start + limit)));
    }

    @Override
    public synchronized void commit(List<Write> writes) {
      if (writes.isEmpty()) {
        return;
      }
      if (full) {
        throw new UncheckedIOException(new IOException("[SQLITE_FULL] disk is full"));
      }
      try {
        Thread.sleep(delay);
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
      commits++;
      for (Write write : writes) {
        switch (write) {
          case Write.Put(String key, byte[] value) -> rows.put(key, value);
          case Write.Delete(String key) -> rows.remove(key);
          case Write.Append(long index, byte[] leaf) -> {
            assertThat(index).isEqualTo(leaves.size());
            leaves.add(leaf);
          }
        }
      }
    }
  }

  private static AggregatorEvent noted(String event) {
    return new AggregatorEvent.Noted(new Notice(event, List.of()));
  }

  private long size() {
    return driver.<Long>look(core -> core.ledger().size());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void anAnsweredEventIsInTheStore() throws Exception {
    driver.start();
    driver.take(noted("admin.started"));
    assertThat(size()).isEqualTo(2);
    assertThat(store.leaves(0, 10)).hasSize(2);
  }

  @Test
  void aFullDiskRefusesAndLosesNothingAndTheNextEventGoesOn() throws Exception {
    driver.start();
    driver.take(noted("admin.before"));
    String before = driver.look(AggregatorCore::checkpoint);
    store.full = true;
    assertThatThrownBy(() -> driver.take(noted("admin.lost")))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> assertThat(refused.problem().code()).isEqualTo("storage.full"));
    // What was signed but not stored must never have been shown: the same size would get another
    // root.
    assertThat(driver.look(AggregatorCore::checkpoint)).isEqualTo(before);
    store.full = false;
    driver.take(noted("admin.after"));
    assertThat(size()).isEqualTo(3);
    assertThat(store.leaves(0, 10)).hasSize(3);
  }

  @Test
  void eventsThatArriveTogetherShareACommit() throws Exception {
    driver.start();
    driver.take(noted("admin.first"));
    int before = store.commits;
    store.delay = Duration.ofMillis(100);
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      all.add(done);
      int number = i;
      Thread.ofVirtual()
          .start(() -> {
            try {
              driver.take(noted("admin.event-" + number));
              done.complete(true);
            } catch (InterruptedException stopped) {
              done.complete(false);
            }
          });
    }
    for (CompletableFuture<Boolean> done : all) {
      assertThat(done.get()).isTrue();
    }
    assertThat(store.commits - before).isLessThan(10);
    assertThat(store.leaves(0, 100)).hasSize(42);
  }

  @Test
  void whoeverWaitsIsWokenByNews() throws Exception {
    driver.start();
    driver.take(noted("admin.first"));
    long seen = driver.news().edition();
    Thread.ofVirtual()
        .start(() -> {
          try {
            driver.take(noted("admin.second"));
          } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
          }
        });
    assertThat(driver.news().awaitOtherThan(seen, Duration.ofSeconds(20))).isTrue();
  }

  @Test
  void aRestartGoesOnWithTheSameLog() throws Exception {
    driver.start();
    driver.take(noted("admin.before"));
    String before = driver.look(AggregatorCore::checkpoint);
    driver.close();
    AggregatorCore again = AggregatorCore.open(setup(), store);
    assertThat(again.checkpoint()).isEqualTo(before);
  }
}
