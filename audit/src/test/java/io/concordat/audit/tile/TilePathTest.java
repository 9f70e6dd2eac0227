package io.concordat.audit.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.TlogVectors;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TilePathTest {
  @Test
  void pathsAreThoseOfTheSpecification() throws LogFormatException {
    assertThat(new TilePath(0, 1_234_067, 256).path()).isEqualTo("tile/0/x001/x234/067");
    assertThat(new TilePath(2, 0, 1).path()).isEqualTo("tile/2/000.p/1");
    assertThat(new TilePath(TilePath.ENTRIES, 999, 255).path()).isEqualTo("tile/entries/999.p/255");
    assertThat(new TilePath(63, 1000, 256).path()).isEqualTo("tile/63/x001/000");
    for (long index :
        new long[] {
          0, 1, 999, 1000, 1001, 999_999, 1_000_000, 1L << 40, Long.MAX_VALUE / 256 - 999
        }) {
      for (int width : new int[] {1, 255, 256}) {
        for (int level : new int[] {TilePath.ENTRIES, 0, 7}) {
          TilePath path = new TilePath(level, index, width);
          assertThat(TilePath.parse(path.path())).isEqualTo(path);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "checkpoint",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/0/x000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/-01",
        "tile/0/٠٠٠",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/Entries/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000.p/1/",
        "tile/0/000.p/1.p/1",
        "tile/0/000/",
        "/tile/0/000",
        "tile//000",
        "tile/0//000",
        "tile/0/../000",
        "tile/0/x..//000",
        "tile/../../etc/passwd",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "tile/0/000\u0000",
        "tile\\0\\000"
      })
  void refusesPathsThatItWouldNotWrite(String path) {
    assertThatThrownBy(() -> TilePath.parse(path)).isInstanceOf(LogFormatException.class);
  }

  @Test
  void aLogOfSeventyThousandHasTheFilesOfTheSpecification() {
    List<TilePath> paths = TilePath.covering(70_000);
    assertThat(paths).filteredOn(p -> p.level() == 0 && !p.partial()).hasSize(273);
    assertThat(paths).filteredOn(p -> p.bundle() && !p.partial()).hasSize(273);
    assertThat(paths).filteredOn(p -> p.level() == 1 && !p.partial()).hasSize(1);
    assertThat(paths)
        .filteredOn(TilePath::partial)
        .containsExactly(
            new TilePath(TilePath.ENTRIES, 273, 112),
            new TilePath(0, 273, 112),
            new TilePath(1, 1, 17),
            new TilePath(2, 0, 1));
  }

  @Test
  void sizesAtTheEdgeOfATileAreCoveredAsTheSpecificationSays() {
    assertThat(TilePath.covering(0)).isEmpty();
    assertThat(TilePath.covering(256))
        .containsExactly(
            new TilePath(TilePath.ENTRIES, 0, 256), new TilePath(0, 0, 256), new TilePath(1, 0, 1));
    assertThat(TilePath.covering(255))
        .containsExactly(new TilePath(TilePath.ENTRIES, 0, 255), new TilePath(0, 0, 255));
  }

  @Test
  void refusesTilesThatCannotExist() {
    assertThatIllegalArgumentException().isThrownBy(() -> new TilePath(64, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new TilePath(-2, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new TilePath(0, -1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new TilePath(0, 0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new TilePath(0, 0, 257));
  }

  @Test
  void theBundleOfTheVectorsReadsAndWritesBack() throws LogFormatException {
    TlogVectors vectors = TlogVectors.load();
    byte[] bundle = HexFormat.of().parseHex(vectors.text("entry_bundle_hex"));
    assertThat(EntryBundle.encode(vectors.entries())).isEqualTo(bundle);
    assertThat(EntryBundle.decode(bundle, 7))
        .usingElementComparator(Arrays::compare)
        .isEqualTo(vectors.entries());
  }

  @Test
  void entriesOfNoneToAllAllowedBytesTravelAndOneMoreDoesNot() throws LogFormatException {
    List<byte[]> entries = List.of(new byte[0], new byte[65_535], new byte[1]);
    assertThat(EntryBundle.decode(EntryBundle.encode(entries), 3))
        .usingElementComparator(Arrays::compare)
        .isEqualTo(entries);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EntryBundle.encode(List.of(new byte[65_536])))
        .withMessageContaining("digest");
    assertThatIllegalArgumentException().isThrownBy(() -> EntryBundle.encode(List.of()));
  }

  @Test
  void refusesBundlesCutAnywhereOrLongerOrOfAnotherWidth() {
    byte[] bundle =
        EntryBundle.encode(
            List.of(
                "one".getBytes(StandardCharsets.UTF_8), "two".getBytes(StandardCharsets.UTF_8)));
    for (int length = 0; length < bundle.length; length++) {
      byte[] cut = Arrays.copyOf(bundle, length);
      assertThatThrownBy(() -> EntryBundle.decode(cut, 2)).isInstanceOf(LogFormatException.class);
    }
    byte[] longer = Arrays.copyOf(bundle, bundle.length + 1);
    assertThatThrownBy(() -> EntryBundle.decode(longer, 2)).isInstanceOf(LogFormatException.class);
    assertThatThrownBy(() -> EntryBundle.decode(bundle, 1)).isInstanceOf(LogFormatException.class);
    assertThatThrownBy(() -> EntryBundle.decode(bundle, 3)).isInstanceOf(LogFormatException.class);
  }

  @Test
  void randomPathsAndBundlesEndInFormatErrorsOnly() {
    long seed = 41;
    Random random = new Random(seed);
    String alphabet = "tile/entrsx0123456789.p-+";
    for (int i = 0; i < 50_000; i++) {
      StringBuilder path = new StringBuilder("tile/");
      for (int j = random.nextInt(30); j > 0; j--) {
        path.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      byte[] bundle = new byte[random.nextInt(40)];
      random.nextBytes(bundle);
      try {
        assertThat(TilePath.parse(path.toString()).path()).isEqualTo(path.toString());
      } catch (LogFormatException e) {
        assertThat(e).as("seed %d, case %d", seed, i).hasMessageStartingWith("tile path");
      }
      try {
        EntryBundle.decode(bundle, 1 + random.nextInt(4));
      } catch (LogFormatException e) {
        assertThat(e).as("seed %d, case %d", seed, i).hasMessageStartingWith("entry bundle");
      }
    }
  }
}
