package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.ledger.LogLeaf;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cohort so large that its manifests stand in the log by their digests. */
class LargeCohortPackTest {
  /** With the four hospitals some more than a leaf has room for. */
  private static final List<String> GUESTS =
      IntStream.range(0, 400).mapToObj("guest-%058d"::formatted).toList();

  private static LoggedFederation world = new LoggedFederation(7);
  private static Map<String, byte[]> honest = Map.of();
  private static String manifest = "";

  @TempDir Path folder;

  @BeforeAll
  static void logOneJob() throws IOException {
    world = LoggedFederation.joinedBy(7, GUESTS);
    world.begin();
    world.complete(world.submit(Jobs.STATISTICS));
    honest = world.pack();
    manifest =
        honest.keySet().stream().filter(p -> p.startsWith("manifests/")).findFirst().orElseThrow();
  }

  @Test
  void thePackOfFourHundredSilosVerifies() throws IOException {
    assertThat(honest.keySet().stream().filter(p -> p.startsWith("manifests/"))).hasSize(1);
    assertThat(bytes(manifest).length).isBetween(60_000, LogLeaf.MAX_ENTRY_BYTES);
    assertThat(verify(honest)).isNotEmpty().allMatch(Check::ok);
  }

  @Test
  void anEntryWhoseManifestIsMissingIsRefused() throws IOException {
    Map<String, byte[]> pack = new TreeMap<>(honest);
    pack.remove(manifest);
    assertRefused(pack, "not in the pack: " + manifest);
  }

  @Test
  void anEntryWhoseManifestDiffersIsRefused() throws IOException {
    byte[] whole = bytes(manifest);
    for (int at : List.of(0, whole.length / 2)) {
      byte[] altered = whole.clone();
      altered[at] ^= 1;
      assertRefused(with(altered), "not the statement that the log names");
    }
    assertRefused(with(new byte[1 << 20]), "is longer than");
  }

  private void assertRefused(Map<String, byte[]> pack, String why) throws IOException {
    assertThat(verify(pack).stream().filter(c -> c.name().equals(ReplayStage.RULES)))
        .singleElement()
        .satisfies(check -> {
          assertThat(check.ok()).isFalse();
          assertThat(check.detail()).contains("entry ", manifest, why);
        });
  }

  private static byte[] bytes(String path) {
    return java.util.Optional.ofNullable(honest.get(path)).orElseThrow();
  }

  private static Map<String, byte[]> with(byte[] altered) {
    Map<String, byte[]> pack = new TreeMap<>(honest);
    pack.put(manifest, altered);
    return pack;
  }

  private List<Check> verify(Map<String, byte[]> pack) throws IOException {
    return PackReader.verify(folder, world, pack);
  }
}
