package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Privacy;
import io.concordat.protocol.policy.SiteLimits;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.SiteDeclared;
import io.concordat.protocol.statement.StatementType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an institution forbids beyond the policy; here beyond the hospitals' example. */
class SiteOverlayTest {
  private static final String HEAD =
      "schema: site/1\nfederation: cardio-eu\ninstitution: charite\n";

  private static Policy hospitals() throws Exception {
    return PolicyReader.read(
            "policy.yaml",
            Files.readAllBytes(ExamplesTest.EXAMPLES.resolve("hospital-consortium/policy.yaml")))
        .orThrow();
  }

  private static Policy automatic() throws Exception {
    String text =
        Files.readString(ExamplesTest.EXAMPLES.resolve("hospital-consortium/policy.yaml"))
            .replace("{jobs: manual, releases: manual}", "{jobs: automatic, releases: automatic}");
    return PolicyReader.read("policy.yaml", text.getBytes(StandardCharsets.UTF_8)).orThrow();
  }

  private static Outcome<SiteOverlay> read(String rest, Policy policy) {
    return SiteOverlay.read("overlay.yaml", (HEAD + rest).getBytes(StandardCharsets.UTF_8), policy);
  }

  @Test
  void theExampleOverlayTightensTheExamplePolicy() throws Exception {
    Policy policy = hospitals();
    SiteOverlay overlay =
        SiteOverlay.read(
                "overlay.yaml",
                Files.readAllBytes(
                    ExamplesTest.EXAMPLES.resolve("hospital-consortium/overlay.yaml")),
                policy)
            .orThrow();
    List<PolicyDiff.Change> changes = PolicyDiff.between(policy, overlay.effective(policy));
    assertThat(changes).isNotEmpty();
    assertThat(changes)
        .allMatch(c -> c.direction() == PolicyDiff.Direction.TIGHTENS, "only tightens");
  }

  @Test
  void whatANodeDeclaresOfItsOverlayReadsBackAsTheSame() throws Exception {
    SiteOverlay overlay =
        SiteOverlay.read(
                "overlay.yaml",
                Files.readAllBytes(
                    ExamplesTest.EXAMPLES.resolve("hospital-consortium/overlay.yaml")),
                hospitals())
            .orThrow();
    SiteDeclared declared =
        new SiteDeclared(
            overlay.institution(),
            overlay.approval().jobs(),
            overlay.approval().releases(),
            overlay.limits());
    // Otherwise the node would find its own word different from its file and repeat it for ever.
    assertThat(StatementType.SITE_DECLARED.read(declared.json().bytes())).isEqualTo(declared);
    assertThat(declared.limits().effective(hospitals(), declared.approval()))
        .isEqualTo(overlay.effective(hospitals()));
  }

  @Test
  void smallerCapsFewerAnalysesAndDecisionsByHandAreTaken() throws Exception {
    Policy policy = automatic();
    SiteOverlay overlay =
        read(
                """
                datasets:
                  - {id: heart, privacy: {epsilonCap: "4.0", perJobMax: "0.5"}}
                analyses:
                  - {kind: train, models: [logistic], maxParameters: 100, maxRounds: 50}
                approval: {jobs: manual, releases: automatic}
                """,
                policy)
            .orThrow();
    Policy effective = overlay.effective(policy);
    assertThat(effective.trainGrant().orElseThrow().maxRounds()).isEqualTo(50);
    assertThat(effective.statisticsGrant()).isEmpty();
    assertThat(effective.dataset("heart").orElseThrow().cap().orElseThrow().perJobMax())
        .isEqualByComparingTo("0.5");
    assertThat(effective.approval().jobs()).isEqualTo(Approval.Mode.MANUAL);
    assertThat(effective.approval().releases()).isEqualTo(Approval.Mode.AUTOMATIC);
    assertThat(effective.digest()).isEqualTo(policy.digest());
  }

  @Test
  void anOwnCapIsCountedInThePolicysUnitsAndBelowIt() throws Exception {
    Privacy.Cap cap = hospitals().dataset("heart").orElseThrow().cap().orElseThrow();
    long whole = SiteLimits.units(cap, cap.epsilonCap());
    long half = SiteLimits.units(cap, new java.math.BigDecimal("4.0"));
    assertThat(half).isPositive().isLessThan(whole);
    assertThat(SiteLimits.units(cap, new java.math.BigDecimal("20"))).isEqualTo(whole);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "datasets: [{id: heart, privacy: {epsilonCap: \"9.0\"}}]|4|datasets[0].privacy.epsilonCap",
        "datasets: [{id: heart, privacy: {perJobMax: \"2.5\"}}]|4|datasets[0].privacy.perJobMax",
        "datasets: [{id: heart, privacy: {epsilonCap: \"0.01\"}}]|4|datasets[0].privacy.epsilonCap",
        "datasets: [{id: lungs}]|4|datasets[0].id",
        "datasets: [{id: heart, filters: [{column: age}]}]|4|datasets[0].filters[0].column",
        "analyses: [{kind: train, models: [mlp], maxParameters: 2000000, maxRounds: 5}]|4|analyses[0].maxParameters",
        "analyses: [{kind: train, models: [mlp], maxParameters: 20, maxRounds: 501}]|4|analyses[0].maxRounds",
        "approval: {jobs: automatic, releases: manual}|4|approval.jobs",
        "approval: {jobs: manual, releases: automatic}|4|approval.releases",
      })
  void whateverLoosensIsRefusedWithItsLine(String rest, int line, String field) throws Exception {
    List<Refusal> refusals = read(rest + "\n", hospitals()).refusals();
    assertThat(refusals).hasSize(1);
    Refusal refusal = refusals.getFirst();
    assertThat(refusal.code()).isEqualTo(Code.POLICY_OVERLAY);
    assertThat(refusal.where().orElseThrow().line()).isEqualTo(line);
    assertThat(refusal.where().orElseThrow().field()).isEqualTo(field);
  }

  @Test
  void whatIsNoOverlayOfThisFederationIsRefused() throws Exception {
    assertThat(read("limits: {jobsPerDay: 1}\n", hospitals()).refusals())
        .extracting(Refusal::code)
        .containsExactly(Code.FILE_FIELD);
    assertThat(
            SiteOverlay.read(
                    "overlay.yaml",
                    HEAD.replace("charite", "bank").getBytes(StandardCharsets.UTF_8),
                    hospitals())
                .refusals())
        .extracting(Refusal::code)
        .containsExactly(Code.POLICY_REFERENCE);
  }

  @Test
  void aLaterPolicyBelowTheOverlayWins() throws Exception {
    Policy before = automatic();
    SiteOverlay overlay =
        read(
                "analyses: [{kind: train, models: [logistic, mlp], maxParameters: 100, maxRounds: 50}]\n",
                before)
            .orThrow();
    String tighter =
        Files.readString(ExamplesTest.EXAMPLES.resolve("hospital-consortium/policy.yaml"))
            .replace("maxRounds: 500", "maxRounds: 20")
            .replace("models: [logistic, mlp]", "models: [logistic]");
    Policy after =
        PolicyReader.read("policy.yaml", tighter.getBytes(StandardCharsets.UTF_8)).orThrow();
    Policy effective = overlay.effective(after);
    assertThat(effective.trainGrant().orElseThrow().maxRounds()).isEqualTo(20);
    assertThat(effective.trainGrant().orElseThrow().models()).containsExactly("logistic");
  }
}
