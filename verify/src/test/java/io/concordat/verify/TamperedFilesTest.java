package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.ledger.JobRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An honest pack with one file changed, taken away or added, as a carrier could. */
class TamperedFilesTest {
  private static LoggedFederation world = new LoggedFederation(2);
  private static Map<String, byte[]> honest = Map.of();
  private static String job = "";

  @TempDir Path folder;

  @BeforeAll
  static void logOneJob() throws IOException {
    world = new LoggedFederation(2);
    world.begin();
    JobRecord record = world.submit(Jobs.STATISTICS);
    world.complete(record);
    job = JobStage.name(record) + ": ";
    // Exactly the quorum: a fourth line may be damaged and the head stands all the same.
    honest = world.pack(LoggedFederation.HOSPITALS.subList(0, 3));
  }

  static Stream<String> paths() throws IOException {
    if (honest.isEmpty()) {
      logOneJob();
    }
    return honest.keySet().stream();
  }

  /** The check that must notice, by where the file lies. */
  private static List<String> noticing(String path) {
    return switch (path.substring(0, path.indexOf('/') < 0 ? path.length() : path.indexOf('/'))) {
      case "checkpoint" ->
          List.of(LogStage.SIGNED, LogStage.LASTING, LogStage.QUORUM, LogStage.COMPLETE);
      case "tile" -> List.of(LogStage.COMPLETE);
      case "policy" -> List.of(PolicyStage.SAME, PolicyStage.SIGNED);
      case "fingerprints" ->
          List.of(job + JobStage.CONTRIBUTIONS, job + JobStage.SUMS, job + JobStage.OPENINGS);
      case "keysums" -> List.of(job + JobStage.OPENINGS);
      case "sums" -> List.of(job + JobStage.SUMS);
      case "releases" -> List.of(job + ReleaseStage.PUBLISHED, job + ReleaseStage.RELEASE);
      case "claims" ->
          List.of(
              job + ReleaseStage.PUBLISHED,
              job + ClaimStage.PRIVACY,
              job + ClaimStage.BUDGET,
              job + ClaimStage.REST);
      default -> throw new IllegalArgumentException(path);
    };
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aFlippedBitIsNoticed(String path) throws IOException {
    byte[] bytes = bytes(path).clone();
    bytes[bytes.length / 2] ^= 1;
    assertFails(with(path, bytes), noticing(path));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aFileCutShortIsNoticed(String path) throws IOException {
    byte[] bytes = java.util.Arrays.copyOf(bytes(path), bytes(path).length - 1);
    assertFails(with(path, bytes), noticing(path));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aMissingFileNeverPasses(String path) throws IOException {
    Map<String, byte[]> pack = new TreeMap<>(honest);
    pack.remove(path);
    if (path.endsWith(".sig")) {
      // The reader's own copy of the signatures is enough.
      assertThat(verify(pack)).allMatch(Check::ok);
      return;
    }
    List<Check> failed = assertFails(pack, noticing(path));
    assertThat(failed)
        .anySatisfy(
            check -> assertThat(check.detail()).containsAnyOf("not in the pack", "missing"));
  }

  @Test
  void aFileThatNoEntryLeadsToIsNamed() throws IOException {
    String stray = "sums/" + "ab".repeat(32);
    List<Check> failed = assertFails(with(stray, new byte[3]), List.of(PackVerifier.NOTHING_ELSE));
    assertThat(failed).hasSize(1).allSatisfy(c -> assertThat(c.detail()).contains(stray));
  }

  @Test
  void aModelWithOneOtherDigitIsNotTheRelease() throws IOException {
    String path =
        honest.keySet().stream().filter(p -> p.startsWith("releases/")).findFirst().orElseThrow();
    String text = new String(bytes(path), StandardCharsets.UTF_8);
    String altered = text.replaceFirst("\"mean\":([0-9])", "\"mean\":1$1");
    assertThat(altered).isNotEqualTo(text);
    List<Check> failed =
        assertFails(
            with(path, altered.getBytes(StandardCharsets.UTF_8)),
            List.of(job + ReleaseStage.PUBLISHED, job + ReleaseStage.RELEASE));
    assertThat(failed).hasSize(2).anySatisfy(c -> assertThat(c.detail()).contains("/mean is"));
  }

  @Test
  void aReleaseThatClaimsMoreThanItsResultIsNamed() throws IOException {
    String path =
        honest.keySet().stream().filter(p -> p.startsWith("releases/")).findFirst().orElseThrow();
    String text = new String(bytes(path), StandardCharsets.UTF_8);
    String altered = text.replaceFirst("\\{", "{\"epsilon\":0.1,");
    List<Check> failed =
        assertFails(
            with(path, altered.getBytes(StandardCharsets.UTF_8)),
            List.of(job + ReleaseStage.PUBLISHED, job + ReleaseStage.RELEASE));
    assertThat(failed)
        .hasSize(2)
        .anySatisfy(c -> assertThat(c.detail()).contains("/epsilon is no part of the result"));
  }

  @Test
  void aPackOfAnotherFederationFailsAtItsPolicy() throws IOException {
    LoggedFederation other = new LoggedFederation(3);
    other.begin();
    List<Check> checks = PackReader.verify(folder, world, other.pack());
    assertThat(checks.stream().filter(c -> !c.ok()).map(Check::name))
        .contains(PolicyStage.SAME, LogStage.SIGNED);
  }

  @Test
  void aHeadWithoutItsMlDsaSignatureOrWithAnotherKeysIsNamed() throws IOException {
    String note = new String(bytes("checkpoint"), StandardCharsets.UTF_8);
    List<String> lines = note.lines().toList();
    // Three lines of text, an empty one, the log's Ed25519 line, then its ML-DSA-44 line.
    String second = lines.get(5);
    assertThat(second.length()).isGreaterThan(3000);
    List<Check> failed =
        assertFails(
            with("checkpoint", note.replace(second + "\n", "").getBytes(StandardCharsets.UTF_8)),
            List.of(LogStage.LASTING));
    assertThat(failed)
        .singleElement()
        .satisfies(c -> assertThat(c.detail()).contains("no signature by"));
    char letter = second.charAt(2000);
    String altered =
        second.substring(0, 2000) + (letter == 'A' ? 'B' : 'A') + second.substring(2001);
    assertThat(
            assertFails(
                with("checkpoint", note.replace(second, altered).getBytes(StandardCharsets.UTF_8)),
                List.of(LogStage.LASTING)))
        .singleElement()
        .satisfies(c -> assertThat(c.detail()).contains("is false"));
  }

  @Test
  void anEmptyFolderFails() throws IOException {
    assertFails(Map.of(), List.of(PolicyStage.SAME, LogStage.SIGNED));
  }

  @Test
  void signaturesBesideTheReadersPolicyAreTheReadersOwnRisk() throws IOException {
    Path own = folder.resolve("policy.yaml");
    Files.write(own, world.policyFile);
    Files.write(
        folder.resolve("policy.yaml.sig"),
        world.policySignatures(List.of("cleveland", "budapest")));
    Path pack = PackReader.write(folder.resolve("pack"), honest);
    List<Check> failed = PackVerifier.verify(pack, own).stream().filter(c -> !c.ok()).toList();
    assertThat(failed).extracting(Check::name).containsExactly(PolicyStage.SIGNED);
    assertThat(failed.getFirst().detail()).contains("is signed by 2: budapest, cleveland");
  }

  private static byte[] bytes(String path) {
    return java.util.Optional.ofNullable(honest.get(path)).orElseThrow();
  }

  private static Map<String, byte[]> with(String path, byte[] bytes) {
    Map<String, byte[]> pack = new TreeMap<>(honest);
    pack.put(path, bytes);
    return pack;
  }

  private List<Check> verify(Map<String, byte[]> pack) throws IOException {
    return PackReader.verify(folder, world, pack);
  }

  private List<Check> assertFails(Map<String, byte[]> pack, List<String> names) throws IOException {
    List<Check> failed = verify(pack).stream().filter(check -> !check.ok()).toList();
    assertThat(failed).extracting(Check::name).containsAnyElementsOf(names);
    return failed;
  }
}
