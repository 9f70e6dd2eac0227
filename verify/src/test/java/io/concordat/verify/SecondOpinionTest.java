package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.concordat.privacy.accountant.AnalyticGaussian;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.accountant.RdpAccountant;
import io.concordat.protocol.ledger.JobRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A bug that aggregator and verifier share would make a sheet like the altered ones here. */
class SecondOpinionTest {
  private static final String SAMPLED =
      Jobs.PRIVATE.replace("samplingRate: \"1\"", "samplingRate: \"0.2\"");

  private record Sheet(LoggedFederation world, JobRecord job, String text) {
    static Sheet of(String file, long seed) throws Exception {
      LoggedFederation world = new LoggedFederation(seed);
      world.begin();
      JobRecord job = world.submit(file);
      world.complete(job);
      byte[] bytes = world.files.get(PackLayout.claims(job.digest()));
      return new Sheet(world, job, new String(bytes, StandardCharsets.UTF_8));
    }

    Check check(String altered) throws Exception {
      Tally tally = new Tally("second");
      String words =
          SecondOpinion.check(
              job,
              world.policy,
              PlainJson.readObject(altered.getBytes(StandardCharsets.UTF_8)),
              tally);
      return tally.check(words);
    }

    String with(String member, double factor) {
      String pattern = "\"" + member + "\":\"([0-9.]+)\"";
      var matcher = java.util.regex.Pattern.compile(pattern).matcher(text);
      assertThat(matcher.find()).as(member).isTrue();
      String number = String.valueOf(Double.parseDouble(matcher.group(1)) * factor);
      return text.substring(0, matcher.start(1)) + number + text.substring(matcher.end(1));
    }
  }

  @Test
  void honestSheetsOfEveryKindOfPrivateJobAgree() throws Exception {
    long seed = 40;
    for (String file : List.of(Jobs.PRIVATE, Jobs.SCALED, Jobs.PRIVATE_STATISTICS, SAMPLED)) {
      Sheet sheet = Sheet.of(file, seed++);
      Check check = sheet.check(sheet.text());
      assertThat(check.ok()).as("%s", check).isTrue();
      assertThat(check.detail()).contains("4 silos");
    }
  }

  @Test
  void aNumberThatASharedClassGotWrongIsNamed() throws Exception {
    Sheet sheet = Sheet.of(Jobs.PRIVATE, 50);
    for (String member : List.of("epsilon", "epsilonOwnShare", "epsilonPlanned", "rhoOfJob")) {
      assertThat(sheet.check(sheet.with(member, 0.98)).detail()).contains(member);
      assertThat(sheet.check(sheet.with(member, 1.02)).detail()).contains(member);
    }
    // One unit of noise less than the policy's cohort needs, in every figure alike or not.
    String sigma = sheet.text().replaceFirst("(\"siloSigmaUnits\":)([0-9]+)", "$1" + 8);
    assertThat(sheet.check(sigma).detail()).contains("siloSigmaUnits");
    // Sampling that did not take place.
    String sampled = sheet.text().replace("\"samplingRate\":\"1/1\"", "\"samplingRate\":\"1/50\"");
    // Three epsilons, and the charges of four silos.
    assertThat(sheet.check(sampled).detail()).contains("epsilonOwnShare").contains("4 more");
  }

  @ParameterizedTest
  @CsvSource({"0.25", "1", "4"})
  void theIntegratedDeltaIsTheAnalyticOne(double mu) {
    for (double epsilon : new double[] {0.1, 1, 3}) {
      double exact = new AnalyticGaussian(mu).delta(epsilon);
      assertThat(SecondOpinion.hockeyStick(mu, epsilon))
          .isCloseTo(exact, within(1e-9 + exact * 1e-6));
    }
  }

  @ParameterizedTest
  @CsvSource({"0.01, 1, 1000", "0.05, 2.187, 400", "0.2, 4, 30", "0.5, 6, 100", "0.001, 0.8, 5000"})
  void renyisEpsilonIsAtMostFourTimesTheTrueOne(double rate, double z, long rounds) {
    List<GaussianRound> settings = List.of(new GaussianRound(rate, z, rounds));
    double tight = PldAccountant.standard().epsilon(settings, 1e-5);
    double renyi = RdpAccountant.standard().epsilon(settings, 1e-5);
    assertThat(renyi / tight).isBetween(1.0, SecondOpinion.LOOSENESS);
  }
}
