package io.concordat.compliancedocs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.rlwe.ParameterSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  /** Surefire runs with the module as working folder. */
  private static final Path MODULE = Path.of("").toAbsolutePath();

  private static final Path ROOT = MODULE.resolve("..").normalize();

  @Test
  void computedTablesAreThoseOfTheCode() throws IOException {
    for (GenerateDocuments.Place place : GenerateDocuments.PLACES) {
      String written = Files.readString(ROOT.resolve(place.file()));
      assertThat(written)
          .as(place.file() + ": run io.concordat.compliancedocs.GenerateDocuments")
          .isEqualTo(place.applied(written));
    }
  }

  @Test
  void everySetForRealDataHasAPublishedLevelWithAMargin() {
    assertThat(SecurityLevel.ALL.stream().map(SecurityLevel::set))
        .containsExactlyElementsOf(
            ParameterSet.all().stream().filter(ParameterSet::production).toList());
    for (SecurityLevel level : SecurityLevel.ALL) {
      assertThat(level.marginPercent()).as(level.set().id()).isGreaterThanOrEqualTo(5);
      assertThat(level.quantumCost()).as(level.set().id()).isGreaterThanOrEqualTo(128);
      assertThat(level.classicalLimit()).isGreaterThan(level.quantumLimit());
    }
  }

  @Test
  void everyTestThatADocumentNamesExists() throws IOException {
    NamedTests tests = NamedTests.of(ROOT);
    try (Stream<Path> documents = Files.list(MODULE)) {
      for (Path document : documents.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
        assertThat(tests.missing(Files.readString(document))).as(document.toString()).isEmpty();
      }
    }
  }

  @Test
  void everyAttackHasADefenceAndATestOrSaysThatItHasNone() throws IOException {
    List<String> rows =
        Files.readAllLines(MODULE.resolve("attacks.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
            .filter(line -> !line.startsWith("| attack ") && !line.startsWith("| trouble "))
            .toList();
    assertThat(rows).hasSizeGreaterThan(20);
    for (String row : rows) {
      String[] cells = row.split(Pattern.quote("|"), -1);
      assertThat(cells).as(row).hasSize(5);
      assertThat(cells[1].strip()).as(row).isNotEmpty();
      assertThat(cells[2].strip()).as(row).isNotEmpty();
      assertThat(NamedTests.count(cells[3]) > 0 || cells[3].contains("no test yet"))
          .as("a named test, or the words \"no test yet\": " + row)
          .isTrue();
    }
  }

  @Test
  void aTestThatIsNotThereIsFound() throws IOException {
    NamedTests tests = NamedTests.of(ROOT);
    assertThat(tests.missing("`DocumentsTest#aTestThatIsNotThereIsFound` `DocumentsTest`"))
        .isEmpty();
    assertThat(tests.missing("`DocumentsTest#noSuchMethod`")).hasSize(1);
    assertThat(tests.missing("`NoSuchClassTest`")).hasSize(1);
  }

  @Test
  void aPartWithoutItsMarkersIsRefused() {
    assertThatThrownBy(() -> GenerateDocuments.PLACES.getFirst().applied("no markers"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
