package io.concordat.protocol.refusal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodeTest {

  @Test
  void everyCodeIsLowerCaseWithDotsAndDashesAndStandsOnce() {
    assertThat(Arrays.stream(Code.values()).map(Code::text))
        .doesNotHaveDuplicates()
        .allMatch(text -> text.matches("[a-z]+(-[a-z]+)*(\\.[a-z]+(-[a-z]+)*)+"));
  }

  @Test
  void everyCodeHasASentenceAndARemedyForPeople() {
    assertThat(Code.values())
        .allMatch(c -> c.sentence().endsWith(".") && c.remedy().endsWith("."))
        .allMatch(c -> Character.isUpperCase(c.sentence().charAt(0)));
  }

  @Test
  void codesAreFoundByTheirText() {
    assertThat(Code.byText("round.second-cohort")).contains(Code.ROUND_SECOND_COHORT);
    assertThat(Code.byText("round.unheard-of")).isEqualTo(Optional.empty());
  }
}
