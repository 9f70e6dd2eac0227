package io.concordat.silonode.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicyTemplate;
import io.concordat.protocol.analysis.PinnedJobReader;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.LateStore;
import io.concordat.protocol.core.NodeCore;
import io.concordat.protocol.core.NodeEvent;
import io.concordat.protocol.core.NodeSetup;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.PolicyBook;
import io.concordat.protocol.plan.RulesOfPolicy;
import io.concordat.protocol.policy.LogKeys;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.silonode.store.SiloDatabase;
import io.concordat.silonode.store.SiloStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that runs on while its machine is taken back to a snapshot, or copied. */
class RestoredMachineTest {
  private static final List<String> HOSPITALS =
      List.of("cleveland", "budapest", "zurich-basel", "long-beach");

  @TempDir Path folder;

  private volatile String generation = "first";

  private MachineWatch watch() {
    return new MachineWatch(
        new MachineWatch.Source() {
          @Override
          public Map<String, String> names() {
            return Map.of("vmgenid", generation);
          }

          @Override
          public Instant wall() {
            return Instant.EPOCH;
          }

          @Override
          public Duration running() {
            return Duration.ZERO;
          }
        });
  }

  private static NodeSetup setup() throws Exception {
    Map<String, PublicKeys> policyKeys = new TreeMap<>();
    Map<String, PublicKeys> nodeKeys = new TreeMap<>();
    SigningKey own = SigningKey.generate(new SystemRandomness());
    for (String id : HOSPITALS) {
      policyKeys.put(id, SigningKey.generate(new SystemRandomness()).publicKeys());
      nodeKeys.put(id, SigningKey.generate(new SystemRandomness()).publicKeys());
    }
    nodeKeys.put("cleveland", own.publicKeys());
    byte[] file =
        PolicyTemplate.demoConsortium()
            .fill(
                policyKeys,
                nodeKeys,
                LogKeys.of(
                    "concordat.example/cardio-demo", SigningKey.generate(new SystemRandomness())),
                Instant.now());
    Policy policy = PolicyReader.read("policy.yaml", file).orThrow();
    FederationRules rules = RulesOfPolicy.of(policy);
    return new NodeSetup(
        "cleveland",
        rules,
        PolicyBook.of(rules),
        new PinnedJobReader(digest -> Optional.of(policy).filter(p -> p.digest().equals(digest))),
        StatementSigner.of(own),
        new SystemRandomness());
  }

  @Test
  void itsRunningProcessForgetsWhatItHeardAndActsAsAfterAStart() throws Exception {
    NodeSetup setup = setup();
    var database = SiloDatabase.in(folder);
    SiloStore store = new SiloStore(database, new NamedBlobs(folder.resolve("blobs"), database));
    LateStore rows = new LateStore(store);
    BlockingQueue<Integer> openings = new LinkedBlockingQueue<>();
    try (NodeDriver driver =
        new NodeDriver(
            () -> NodeCore.open(setup, rows),
            store,
            rows,
            command -> Optional.empty(),
            message -> {},
            Clock.systemUTC(),
            watch(),
            new Boarding(),
            openings::add)) {
      driver.start();
      assertThat(openings.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
      Cursor heard = new Cursor(0, 5);
      driver.take(new NodeEvent.Received(new WorkReply(heard, List.of(), "", List.of()))).get();
      assertThat(driver.cursor()).isEqualTo(heard);
      assertThat(openings.poll(1, TimeUnit.SECONDS)).as("the machine is the same").isNull();

      generation = "second";
      assertThat(openings.poll(30, TimeUnit.SECONDS)).isEqualTo(2);
      assertThat(driver.cursor()).as("it asks for everything again").isEqualTo(Cursor.START);
      assertThat(openings.poll(1, TimeUnit.SECONDS)).as("once for each change").isNull();
    }
  }
}
