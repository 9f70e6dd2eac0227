package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HonestPackTest {
  @TempDir Path folder;

  @Test
  void everyCheckOfAnHonestPackPasses() throws Exception {
    LoggedFederation world = new LoggedFederation(1);
    world.begin();
    world.complete(world.submit(Jobs.STATISTICS));
    world.complete(world.submit(Jobs.AVERAGING));
    world.complete(world.submit(Jobs.PRIVATE));
    world.complete(world.submit(Jobs.SCALED));
    world.complete(world.submit(Jobs.ATTESTED));
    world.complete(world.submit(Jobs.PRIVATE_STATISTICS));
    List<Check> checks = PackReader.verify(folder, world, world.pack());
    assertThat(checks)
        .allSatisfy(check -> assertThat(check.outcome()).isEqualTo(Check.Outcome.PASSED));
  }
}
