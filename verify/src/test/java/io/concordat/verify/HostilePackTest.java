package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.ledger.JobRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs that nobody made on purpose: the verifier ends with failed checks, never with a crash. */
class HostilePackTest {
  private static final long SEED = 20261122;
  private static final int PACKS = 40;

  @TempDir Path folder;

  private final Random random = new Random(SEED);
  private final LoggedFederation world = new LoggedFederation(13);

  private JobRecord oneJob() throws IOException {
    world.begin();
    JobRecord job = world.submit(Jobs.STATISTICS);
    world.complete(job);
    return job;
  }

  private byte[] damaged(byte[] bytes) {
    byte[] out =
        random.nextInt(4) == 0
            ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
            : bytes.clone();
    for (int i = random.nextInt(8); i >= 0 && out.length > 0; i--) {
      out[random.nextInt(out.length)] = (byte) random.nextInt(256);
    }
    return out;
  }

  @Test
  void randomDamageToFilesNeverPassesAndNeverThrows() throws IOException {
    oneJob();
    Map<String, byte[]> honest = world.pack(LoggedFederation.HOSPITALS.subList(0, 3));
    List<String> paths = new ArrayList<>(honest.keySet());
    for (int i = 0; i < PACKS; i++) {
      Map<String, byte[]> pack = new TreeMap<>(honest);
      String path = paths.get(random.nextInt(paths.size()));
      byte[] before = java.util.Optional.ofNullable(honest.get(path)).orElseThrow();
      byte[] after = damaged(before);
      pack.put(path, after);
      if (!java.util.Arrays.equals(before, after)) {
        assertThat(PackReader.verify(folder, world, pack))
            .as("seed %d, pack %d, %s", SEED, i, path)
            .anyMatch(check -> !check.ok());
      }
    }
  }

  /** The aggregator and a quorum sign whatever it is, so everything is up to replay. */
  @Test
  void randomDamageToCosignedEntriesNeverPassesAndNeverThrows() throws IOException {
    oneJob();
    List<byte[]> leaves = List.copyOf(world.leaves());
    for (int i = 0; i < PACKS; i++) {
      int index = random.nextInt(leaves.size());
      byte[] after = damaged(leaves.get(index));
      if (java.util.Arrays.equals(leaves.get(index), after)) {
        continue;
      }
      world.replaceLeaf(index, after);
      assertThat(PackReader.verify(folder, world, world.pack()))
          .as("seed %d, pack %d, entry %d", SEED, i, index)
          .anyMatch(check -> !check.ok());
      world.replaceLeaf(index, leaves.get(index));
    }
  }
}
