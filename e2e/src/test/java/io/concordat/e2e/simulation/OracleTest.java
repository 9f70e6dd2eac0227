package io.concordat.e2e.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.bulk.Digests;
import io.concordat.protocol.statement.DatasetDeclared;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.StatementSigner;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** An oracle that never complains would make every run good. */
final class OracleTest {
  private final World world = new World(3, World.Shape.ALL.getFirst(), Trouble.NONE);
  private final StatementSigner signer =
      StatementSigner.of(Objects.requireNonNull(world.keys.get("silo-0")));

  private void settle() {
    world.start();
    world.submit(World.OPEN, 1, 3);
    assertThat(world.runUntilJobsEnd(300_000)).isTrue();
    world.check();
    assertThat(world.oracle.violations()).isEmpty();
  }

  @Test
  void seesAWrongSum() throws Exception {
    TreeMap<String, Long> cohort = new TreeMap<>();
    cohort.put("silo-0", 1L);
    cohort.put("silo-2", 1L);
    var terms =
        PowersOfTwo.reader(world.oracle)
            .read(PowersOfTwo.file("f", World.OPEN, 1, 2, 1), world.rules);
    terms.program().advance(terms.program().initialState(), new long[] {5, -5}, cohort);
    assertThat(world.oracle.violations()).isEmpty();
    terms.program().advance(terms.program().initialState(), new long[] {5, -4}, cohort);
    assertThat(world.oracle.violations()).hasSize(1);
  }

  @Test
  void seesALostEntry() {
    settle();
    world.oracle.acknowledged(
        SignedStatement.sign(new DatasetDeclared(World.OPEN, "silo-0", 12345), signer));
    world.check();
    assertThat(world.oracle.violations()).anyMatch(v -> v.startsWith("lost log entry"));
  }

  @Test
  void seesAnAnswerForAManifestThatIsNotTheRounds() {
    settle();
    world.oracle.sent(
        SignedStatement.sign(
            new KeySumStated(Digests.sha256("another manifest"), 1, Digests.sha256("o")), signer));
    world.check();
    assertThat(world.oracle.violations()).isNotEmpty();
  }
}
