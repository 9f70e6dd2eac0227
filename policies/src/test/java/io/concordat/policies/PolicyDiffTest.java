package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.policies.PolicyDiff.Change;
import io.concordat.protocol.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyDiffTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "expires: 2027-10-01|expires: 2027-10-31|LOOSENS expires",
        "expires: 2027-10-01|expires: 2027-09-01|TIGHTENS expires",
        "policyThreshold: 3|policyThreshold: 4|TIGHTENS policyThreshold: 3 -> 4",
        "threshold: 4|threshold: 5|TIGHTENS keyHolders.threshold",
        "maxCorrupt: 2|maxCorrupt: 1|LOOSENS keyHolders.maxCorrupt",
        "[charite, mgh, ucl,|[mgh, charite, ucl,|LOOSENS keyHolders.members",
        "{maxCohort: 16}|{maxCohort: 17}|LOOSENS encryption.maxCohort",
        "{maxCohort: 16}|{maxCohort: 16, parameters: rlwe-16384-300}|TIGHTENS encryption.parameters",
        "minContributors: 3|minContributors: 4|TIGHTENS cohort.minContributors",
        "maxColluding: 1|maxColluding: 0|LOOSENS cohort.maxColluding",
        "minPatientsPerSilo: 20|minPatientsPerSilo: 19|LOOSENS cohort.minPatientsPerSilo",
        "witnessQuorum: 4|witnessQuorum: 5|TIGHTENS log.witnessQuorum",
        "maxPatientsPerSilo: 1000|maxPatientsPerSilo: 1001|LOOSENS datasets.heart.maxPatientsPerSilo",
        "holdout: \"0.2\"|holdout: \"0.3\"|LOOSENS datasets.heart.holdout: 0.2 -> 0.3",
        "max: 120|max: 130|LOOSENS datasets.heart.columns.age",
        "values: [0, 1]|values: [1, 0]|LOOSENS datasets.heart.columns.sex",
        "epsilonCap: \"8.0\"|epsilonCap: \"8.1\"|LOOSENS datasets.heart.privacy.epsilonCap: 8.0 -> 8.1",
        "epsilonCap: \"8.0\"|epsilonCap: \"7\"|TIGHTENS datasets.heart.privacy.epsilonCap: 8.0 -> 7",
        "delta: \"1e-5\"|delta: \"1e-6\"|TIGHTENS datasets.heart.privacy.delta",
        "perJobMax: \"2.0\"|perJobMax: \"2.5\"|LOOSENS datasets.heart.privacy.perJobMax",
        "perJobMax: \"2.0\"|perJobMax: \"2.0\", attestation: required|TIGHTENS datasets.heart.privacy.attestation: job -> required",
        "privacy: {epsilonCap: \"8.0\", delta: \"1e-5\", perJobMax: \"2.0\"}|privacy: none|LOOSENS datasets.heart.privacy",
        "models: [logistic, mlp]|models: [logistic]|TIGHTENS analyses.train.models: mlp -> (none)",
        "maxRounds: 500|maxRounds: 501|LOOSENS analyses.train.maxRounds",
        "minCellCount: 5|minCellCount: 4|LOOSENS analyses.statistics.minCellCount",
        "jobs: manual|jobs: automatic|LOOSENS approval.jobs",
        "group: cardio-dpo|group: everyone|LOOSENS people",
        "uploadBytes: 536870912|uploadBytes: 1048576|TIGHTENS limits.uploadBytes",
        "jobsPerDay: 20|jobsPerDay: 21|LOOSENS limits.jobsPerDay",
        "legalEntity: Joint|legalEntity: Common|LOOSENS institutions.dpo-office.legalEntity"
      })
  void everyChangeIsFoundAndLabelled(String from, String to, String expected) throws Exception {
    assertThat(hospital()).contains(from);
    List<Change> changes =
        diff(
            hospital(),
            hospital()
                .replaceFirst(
                    java.util.regex.Pattern.quote(from),
                    java.util.regex.Matcher.quoteReplacement(to)));
    assertThat(changes.stream().map(Change::toString))
        .anySatisfy(c -> assertThat(c).startsWith(expected));
  }

  @Test
  void theSameAgreementInOtherWordsOfTheFileHasNoChanges() throws Exception {
    assertThat(diff(hospital(), "# a comment\n" + hospital())).isEmpty();
    assertThat(diff(hospital(), hospital().replace("\"8.0\"", "\"8.00\""))).isEmpty();
  }

  @Test
  void changesReverseTheirDirectionWhenReadBackwards() throws Exception {
    String tighter = hospital().replace("maxRounds: 500", "maxRounds: 100");
    assertThat(diff(hospital(), tighter))
        .extracting(Change::direction)
        .containsExactly(PolicyDiff.Direction.TIGHTENS);
    assertThat(diff(tighter, hospital()))
        .extracting(Change::direction)
        .containsExactly(PolicyDiff.Direction.LOOSENS);
  }

  @Test
  void aDatasetThatAppearsLoosensAndOneThatGoesTightens() throws Exception {
    String bank = bank();
    int at = bank.indexOf("  # Merchants");
    String without = bank.substring(0, at) + bank.substring(bank.indexOf("analyses:"));
    assertThat(diff(bank, without).stream().map(Change::toString))
        .containsExactly("TIGHTENS datasets.terminals: terminalId -> (none)");
    assertThat(diff(without, bank).stream().map(Change::toString))
        .containsExactly("LOOSENS datasets.terminals: (none) -> terminalId");
  }

  @Test
  void aRenewalEndsNoJobAndARestrictionOrARevocationDoes() throws Exception {
    Policy old = policy(hospital());
    String renewed =
        hospital()
            .replace("notBefore: 2026-10-01", "notBefore: 2027-09-01")
            .replace("expires: 2027-10-01", "expires: 2028-09-01");
    assertThat(PolicyDiff.endsRunningJobs(old, policy(renewed))).isFalse();
    for (String restricted :
        List.of(
            hospital().replace("maxRounds: 500", "maxRounds: 499"),
            hospital().replace("threshold: 4", "threshold: 5"),
            hospital().replace("[charite, mgh, ucl,", "[mgh, charite, ucl,"),
            hospital()
                .replaceFirst(
                    "nodeKey: \"[^\"]*\"",
                    "nodeKey: \"" + ExamplesTest.key("a new node") + "\""))) {
      assertThat(PolicyDiff.endsRunningJobs(old, policy(restricted))).isTrue();
    }
  }

  private static List<Change> diff(String from, String to) throws Exception {
    return PolicyDiff.between(policy(from), policy(to));
  }

  private static Policy policy(String text) throws Exception {
    return PolicyReader.read("policy.yaml", text.getBytes(StandardCharsets.UTF_8)).orThrow();
  }

  private static String hospital() throws Exception {
    return Files.readString(ExamplesTest.EXAMPLES.resolve("hospital-consortium/policy.yaml"));
  }

  private static String bank() throws Exception {
    return Files.readString(ExamplesTest.EXAMPLES.resolve("bank-consortium/policy.yaml"));
  }
}
