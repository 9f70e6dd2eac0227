package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Officers look a check up by its name, so the page must have it word for word. */
class NamesOfChecksTest {
  static List<String> names() {
    return List.of(
        PolicyStage.OWN,
        PolicyStage.SIGNED,
        PolicyStage.SAME,
        LogStage.SIGNED,
        LogStage.LASTING,
        LogStage.QUORUM,
        LogStage.COMPLETE,
        ReplayStage.SIGNERS,
        ReplayStage.RULES,
        ReplayStage.IN_FORCE,
        AgreementStage.VERSIONS,
        AgreementStage.FROZEN,
        AgreementStage.DECIDED,
        JobStage.REQUEST,
        JobStage.COHORTS,
        JobStage.RECORDS,
        JobStage.CONTRIBUTIONS,
        JobStage.SUMS,
        JobStage.OPENINGS,
        JobStage.STATES,
        JobStage.UNOPENED,
        JobStage.RESULT,
        ReleaseStage.PUBLISHED,
        ReleaseStage.RELEASE,
        ClaimStage.NOISE,
        ClaimStage.FRESH,
        ClaimStage.PRIVACY,
        ClaimStage.SECOND,
        ClaimStage.BUDGET,
        ClaimStage.REST,
        BudgetStage.EPSILON,
        BudgetStage.CAP,
        BudgetStage.EXACT,
        PackVerifier.NOTHING_ELSE);
  }

  @ParameterizedTest
  @MethodSource("names")
  void standInTheGuide(String name) throws IOException {
    assertThat(Files.readString(Path.of("../docs/verification.md"))).contains("| " + name + " |");
  }
}
