package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.policies.PolicyShelf;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.SignedPolicy;
import io.concordat.policies.SiteOverlay;
import io.concordat.protocol.analysis.JobPlan;
import io.concordat.protocol.claims.BudgetReport;
import io.concordat.protocol.claims.DryRun;
import io.concordat.protocol.contributor.SiteRules;
import io.concordat.protocol.job.JobNonce;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.SiteLimits;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.SiteDeclared;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceAndBudgetTest {
  @TempDir Path folder;

  private static JsonObject price(
      LoggedFederation world,
      String text,
      VerifyingKey submitter,
      Optional<DryRun.Measured> measured) {
    byte[] file = JobNonce.add(text.getBytes(StandardCharsets.UTF_8), world.random::nextBytes);
    var job = JobReader.read("job", file);
    var plan = job.then(spec -> JobPlan.of(spec, world.policy));
    return DryRun.of(job, plan, world.policy, submitter, measured).against(world.ledger);
  }

  @Test
  void aDryRunTellsPriceBytesAndMinutesAndWritesNothing() throws Exception {
    LoggedFederation world = new LoggedFederation(5);
    world.begin();
    long before = world.ledger.size();
    VerifyingKey own = world.submitter.verifyingKey();
    JsonObject price = price(world, Jobs.PRIVATE, own, Optional.empty());
    assertThat(price.bool("allowed")).isTrue();
    assertThat(price.integer("rounds", 0, 100)).isEqualTo(3);
    assertThat(Double.parseDouble(price.string("epsilon"))).isBetween(0.99, 1.0);
    assertThat(Double.parseDouble(price.string("ownShareEpsilon"))).isGreaterThan(1.2);
    // Three coefficients or so and four boxes of 16 KiB each.
    assertThat(price.integer("bytesPerSiloAndRound", 0, 1 << 20)).isBetween(65_536L, 120_000L);
    assertThat(price.integer("bytesPerSilo", 0, 1 << 20))
        .isLessThanOrEqualTo(3 * price.integer("bytesPerSiloAndRound", 0, 1 << 20));
    assertThat(price.object("expected").string("basis")).isEqualTo("estimate");
    assertThat(price.objects("budget")).hasSize(4);
    assertThat(price.objects("parts")).hasSize(2);
    JsonObject measured = price(world, Jobs.PRIVATE, own, Optional.of(new DryRun.Measured(31, 40)));
    assertThat(measured.object("expected").string("basis")).isEqualTo("measured");
    assertThat(measured.object("expected").string("minutes")).isEqualTo("2.0");
    assertThat(world.ledger.size()).isEqualTo(before);
    assertThat(world.ledger.jobs()).isEmpty();
    assertThat(world.ledger.budgets().committed("cleveland", "person/patient")).isZero();
  }

  @Test
  void aDryRunNamesEveryRuleThatSaysNoAndTheSilosWhoseBudgetIsTooSmall() throws Exception {
    LoggedFederation world = new LoggedFederation(6);
    world.begin();
    VerifyingKey own = world.submitter.verifyingKey();
    JsonObject twice =
        price(
            world,
            Jobs.PRIVATE
                .replace("epsilon: \"1.0\"", "epsilon: \"2.5\"")
                .replace("features: [age, sex]", "features: [age, weight]"),
            own,
            Optional.empty());
    assertThat(twice.bool("allowed")).isFalse();
    assertThat(twice.objects("refusals"))
        .extracting(r -> r.string("code"))
        .contains("job.privacy-cap", "job.column");
    VerifyingKey stranger = SigningKey.fromSeed(new byte[SigningKey.SEED_BYTES]).verifyingKey();
    JsonObject foreign = price(world, Jobs.PRIVATE, stranger, Optional.empty());
    assertThat(foreign.objects("refusals").getFirst().string("code")).isEqualTo("job.submitter");

    // One Gaussian of epsilon 2 at 1e-5 has deviation 1.9930 or so, rho at order 4 is 2/z^2: nine
    // fit
    // into 4.912, and not ten.
    String two = Jobs.PRIVATE.replace("epsilon: \"1.0\"", "epsilon: \"2.0\"");
    for (int i = 0; i < 9; i++) {
      assertThat(price(world, two, own, Optional.empty()).bool("allowed")).as("job %s", i).isTrue();
      world.submit(two);
    }
    JsonObject tenth = price(world, two, own, Optional.empty());
    assertThat(tenth.bool("allowed")).isFalse();
    assertThat(tenth.objects("refusals"))
        .hasSize(4)
        .allSatisfy(r -> assertThat(r.string("code")).isEqualTo("job.budget"))
        .extracting(r -> r.string("silo"))
        .containsExactlyInAnyOrderElementsOf(LoggedFederation.HOSPITALS);
    long size = world.ledger.size();
    world.submitOnly(two);
    assertThat(world.ledger.verdict(size).reason().orElseThrow().code().text())
        .isEqualTo("job.budget");
  }

  @Test
  void aDryRunNamesTheRuleAndTheSiloWhoseOwnOverlayForbidsTheJob() throws Exception {
    LoggedFederation world = new LoggedFederation(9);
    world.begin();
    VerifyingKey own = world.submitter.verifyingKey();
    declare(world, "cleveland", caps("0.5"), Optional.empty());
    JsonObject one = price(world, Jobs.PRIVATE, own, Optional.empty());
    assertThat(one.bool("allowed")).as("three silos are enough").isTrue();
    assertThat(one.objects("refusals")).isEmpty();
    assertThat(one.objects("staysOut")).hasSize(1);
    JsonObject first = one.objects("staysOut").getFirst();
    assertThat(first.string("silo")).isEqualTo("cleveland");
    assertThat(first.string("rule")).isEqualTo("job.privacy-cap");
    assertThat(first.string("code")).isEqualTo("job.outside-site");
    assertThat(first.string("where")).isEqualTo("privacy.epsilon");

    declare(
        world,
        "budapest",
        Optional.empty(),
        Optional.of(new SiteLimits.Grants(true, Optional.empty())));
    JsonObject two = price(world, Jobs.PRIVATE, own, Optional.empty());
    assertThat(two.objects("staysOut"))
        .extracting(r -> r.string("silo") + " " + r.string("rule"))
        .containsExactly("budapest job.outside-policy", "cleveland job.privacy-cap");
    assertThat(two.bool("allowed")).as("two silos are too few").isFalse();
    assertThat(two.objects("refusals"))
        .extracting(r -> r.string("code"))
        .containsExactly("round.cohort-too-small");
    assertThat(two.objects("refusals").getFirst().string("detail"))
        .contains("budapest, cleveland", "leaves 2");

    // Each says anew what it forbids now; the last word counts.
    declare(world, "cleveland", Optional.empty(), Optional.empty());
    declare(world, "budapest", Optional.of(Map.of()), Optional.empty());
    JsonObject again = price(world, Jobs.PRIVATE, own, Optional.empty());
    assertThat(again.bool("allowed")).isTrue();
    assertThat(again.objects("staysOut"))
        .extracting(r -> r.string("silo") + " " + r.string("rule"))
        .containsExactly("budapest job.dataset");
  }

  @Test
  void aDryRunCountsASilosOwnSmallerCapOverAllJobs() throws Exception {
    LoggedFederation world = new LoggedFederation(10);
    world.begin();
    VerifyingKey own = world.submitter.verifyingKey();
    Map<String, SiteLimits.Caps> cap =
        Map.of(
            "heart",
            new SiteLimits.Caps(
                Optional.of(new BigDecimal("4.0")), Optional.empty(), Optional.empty()));
    declare(world, "zurich-basel", Optional.of(cap), Optional.empty());
    JsonObject fits = price(world, Jobs.PRIVATE, own, Optional.empty());
    assertThat(fits.objects("staysOut")).isEmpty();
    int jobs = 0;
    while (price(world, Jobs.PRIVATE, own, Optional.empty()).objects("staysOut").isEmpty()) {
      world.submit(Jobs.PRIVATE);
      jobs++;
    }
    JsonObject full = price(world, Jobs.PRIVATE, own, Optional.empty());
    assertThat(jobs).as("fewer than the 34 of the policy's cap").isBetween(2, 12);
    assertThat(full.bool("allowed")).isTrue();
    assertThat(full.objects("staysOut").getFirst().string("silo")).isEqualTo("zurich-basel");
    assertThat(full.objects("staysOut").getFirst().string("rule")).isEqualTo("job.budget");
  }

  @Test
  void aNodeRejectsExactlyTheJobsOfWhichADryRunSaysThatItStaysOut() throws Exception {
    LoggedFederation world = new LoggedFederation(12);
    world.begin();
    String file =
        """
        schema: site/1
        federation: cardio-demo
        institution: long-beach
        datasets:
          - {id: heart, privacy: {epsilonCap: "3.6", perJobMax: "1.0"}}
        """;
    SiteOverlay overlay =
        SiteOverlay.read("overlay.yaml", file.getBytes(StandardCharsets.UTF_8), world.policy)
            .orThrow();
    SiteRules node =
        overlay.rules(
            PolicyShelf.of(
                    SignedPolicy.read(
                            "policy.yaml",
                            world.policyFile,
                            PolicySignatures.read(
                                world.policySignatures(LoggedFederation.HOSPITALS)))
                        .orThrow())
                .orThrow());
    declare(world, "long-beach", overlay.limits().datasets(), overlay.limits().analyses());
    String dear = Jobs.PRIVATE.replace("epsilon: \"1.0\"", "epsilon: \"1.5\"");
    int rejected = 0;
    for (String text : List.of(dear, Jobs.PRIVATE, Jobs.PRIVATE, Jobs.PRIVATE, Jobs.PRIVATE)) {
      JsonObject told = price(world, text, world.submitter.verifyingKey(), Optional.empty());
      Optional<Refusal> said = node.refuses(world.submit(text));
      assertThat(said.isPresent()).isEqualTo(!told.objects("staysOut").isEmpty());
      if (said.isPresent()) {
        String rule = told.objects("staysOut").getFirst().string("rule");
        assertThat(said.get().detail()).startsWith(rule);
        rejected++;
      }
    }
    assertThat(rejected).as("the dear one, and some beyond the own cap").isBetween(2, 4);
  }

  private static Optional<Map<String, SiteLimits.Caps>> caps(String perJobMax) {
    return Optional.of(
        Map.of(
            "heart",
            new SiteLimits.Caps(
                Optional.empty(), Optional.of(new BigDecimal(perJobMax)), Optional.empty())));
  }

  private static void declare(
      LoggedFederation world,
      String silo,
      Optional<Map<String, SiteLimits.Caps>> datasets,
      Optional<SiteLimits.Grants> analyses) {
    world.append(
        silo,
        LoggedFederation.key(world.nodeKeys, silo),
        new SiteDeclared(
            silo,
            Approval.Mode.AUTOMATIC,
            Approval.Mode.AUTOMATIC,
            new SiteLimits(datasets, analyses)));
  }

  @Test
  void theBudgetOfAPackIsThatOfItsLog() throws Exception {
    LoggedFederation world = new LoggedFederation(7);
    world.begin();
    BudgetReport fresh = report(world);
    // Cap 8 at 1e-5 is 4.912 at order 4. A Gaussian of epsilon 1 has deviation 3.7304 and takes
    // 2 / 3.7304^2 = 0.14372 of it.
    assertThat(fresh.accounts()).hasSize(4);
    assertThat(fresh.accounts().getFirst().order()).isEqualTo(4);
    assertThat(fresh.accounts().getFirst().jobsOfEpsilonOne()).isEqualTo(34);

    JobRecord first = world.submit(Jobs.PRIVATE);
    world.complete(first);
    JobRecord second = world.submit(Jobs.PRIVATE);
    BudgetReport.Account account = report(world).accounts().getFirst();
    assertThat(account.spentUnits()).isEqualTo(first.terms().priceFrom(0));
    assertThat(account.reservedUnits()).isEqualTo(second.terms().priceFrom(0));
    assertThat(account.epsilonIfFixed()).isBetween(0.99, 1.0);
    assertThat(account.jobsOfEpsilonOne()).isEqualTo(32);
    assertThat(account.history()).hasSize(1);
    world.complete(second);
    BudgetReport.Account both = report(world).accounts().getFirst();
    // Twice the same Gaussian: less than twice the epsilon.
    assertThat(both.epsilonIfFixed()).isBetween(1.40, 1.50);
    assertThat(both.reservedUnits()).isZero();
    assertThat(both.history()).extracting(BudgetReport.Spend::rounds).containsExactly(3, 3);
  }

  @Test
  void spendHasTheTimesOfTheChargesAndTheirOrderNotThatOfTheSubmissions() throws Exception {
    LoggedFederation world = new LoggedFederation(11);
    world.begin();
    JobRecord early = world.submit(Jobs.PRIVATE);
    JobRecord late = world.submit(Jobs.PRIVATE);
    TreeSet<String> all = new TreeSet<>(LoggedFederation.HOSPITALS);
    new LoggedRound(world, late).run(all);
    new LoggedRound(world, late).run(all);
    new LoggedRound(world, early).run(all);
    new LoggedRound(world, late).run(all);
    List<BudgetReport.Spend> history = report(world).accounts().getFirst().history();
    assertThat(history)
        .extracting(BudgetReport.Spend::job)
        .containsExactly(
            late.digest().toString(), early.digest().toString(), late.digest().toString());
    assertThat(history).extracting(BudgetReport.Spend::rounds).containsExactly(2, 1, 1);
    assertThat(history.getFirst().time()).isAfter(late.time());
    assertThat(history.getFirst().until()).isAfter(history.getFirst().time());
    assertThat(history).isSortedAccordingTo(Comparator.comparing(BudgetReport.Spend::time));
    assertThat(history.getLast().totalUnits())
        .isEqualTo(report(world).accounts().getFirst().spentUnits());
  }

  @Test
  void aPackWithAChangedLogHasNoBudget() throws Exception {
    LoggedFederation world = new LoggedFederation(8);
    world.begin();
    var pack = world.pack();
    String tile =
        pack.keySet().stream().filter(p -> p.startsWith("tile/entries/")).findFirst().orElseThrow();
    Optional.ofNullable(pack.get(tile)).orElseThrow()[40] ^= 1;
    PackBudget.Result result = read(world, pack);
    assertThat(result.report()).isEmpty();
    assertThat(result.checks()).anyMatch(c -> !c.ok());
  }

  private BudgetReport report(LoggedFederation world) throws Exception {
    PackBudget.Result result = read(world, world.pack());
    assertThat(result.checks()).allMatch(Check::ok);
    return result.report().orElseThrow();
  }

  private PackBudget.Result read(LoggedFederation world, java.util.Map<String, byte[]> pack)
      throws Exception {
    Path own = Files.createTempDirectory(folder, "own").resolve("policy.yaml");
    Files.write(own, world.policyFile);
    Files.write(
        own.resolveSibling("policy.yaml.sig"), world.policySignatures(LoggedFederation.HOSPITALS));
    return PackBudget.of(PackReader.write(Files.createTempDirectory(folder, "pack"), pack), own);
  }
}
