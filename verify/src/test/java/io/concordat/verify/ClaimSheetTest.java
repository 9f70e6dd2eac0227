package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.protocol.claims.ClaimPage;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.JobRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is claimed about privacy, and what becomes of a lie in it. */
class ClaimSheetTest {
  /** A number as a JSON number, or as a decimal in a string. */
  private static final Pattern NUMBER =
      Pattern.compile("(?<=[:,\\[])\"?[0-9]+(\\.[0-9]+)?\"?(?=[,}\\]])");

  @TempDir Path folder;

  private static JobRecord run(LoggedFederation world, String text) throws IOException {
    JobRecord job = world.submit(text);
    world.complete(job);
    return job;
  }

  private static String sheet(LoggedFederation world, JobRecord job) {
    return new String(world.files.get(PackLayout.claims(job.digest())), StandardCharsets.UTF_8);
  }

  private List<Check> failed(LoggedFederation world, Map<String, byte[]> pack) throws IOException {
    Path fresh = Files.createTempDirectory(folder, "try");
    return PackReader.verify(fresh, world, pack).stream().filter(c -> !c.ok()).toList();
  }

  @Test
  void aLieInAnyNumberOfTheSheetFailsACheckThatNamesTheNumber() throws Exception {
    LoggedFederation world = new LoggedFederation(11);
    world.begin();
    JobRecord job = run(world, Jobs.ATTESTED.replace("rounds: 2", "rounds: 1"));
    Map<String, byte[]> honest = world.pack();
    assertThat(failed(world, honest)).isEmpty();
    String sheet = sheet(world, job);
    String path = PackLayout.claims(job.digest());
    List<String> named = List.of(ClaimStage.PRIVACY, ClaimStage.BUDGET, ClaimStage.REST);
    Matcher numbers = NUMBER.matcher(sheet);
    int lies = 0;
    List<String> noticed = new ArrayList<>();
    Path own = Files.createTempDirectory(folder, "own");
    while (numbers.find()) {
      int at = numbers.end() - (numbers.group().endsWith("\"") ? 2 : 1);
      char digit = sheet.charAt(at);
      String lie =
          sheet.substring(0, at)
              + (digit == '9' ? '8' : (char) (digit + 1))
              + sheet.substring(at + 1);
      // The sheet alone is looked at here: the rest of the pack is the same each time.
      List<Check> checks =
          SheetCheck.of(world, job, lie.getBytes(StandardCharsets.UTF_8), own).stream()
              .filter(c -> !c.ok())
              .toList();
      assertThat(checks).as("%s at %d", numbers.group(), numbers.start()).hasSize(1);
      assertThat(checks.getFirst().name())
          .endsWith(
              named.stream()
                  .filter(checks.getFirst().name()::endsWith)
                  .findFirst()
                  .orElse("one of the sheet's checks"));
      assertThat(checks.getFirst().detail()).contains(path).contains("computed is");
      noticed.add(checks.getFirst().detail());
      lies++;
    }
    assertThat(lies).isGreaterThan(50);
    assertThat(noticed)
        .anyMatch(d -> d.contains("/privacy/epsilon is"))
        .anyMatch(d -> d.contains("/privacy/epsilonOwnShare is"))
        .anyMatch(d -> d.contains("/privacy/delta is"))
        .anyMatch(d -> d.contains("/privacy/parts/0/siloSigmaUnits is"))
        .anyMatch(d -> d.contains("/budget/silos/0/rhoAfter is"))
        .anyMatch(d -> d.contains("/attestation/ratio is"))
        .anyMatch(d -> d.contains("/audit/ceiling is"))
        .anyMatch(d -> d.contains("/audit/right is"))
        .anyMatch(d -> d.contains("/participants/silos/0/declared is"));
    // And once through the whole verification.
    Map<String, byte[]> pack = new TreeMap<>(honest);
    pack.put(
        path,
        sheet
            .replaceFirst("\"epsilon\":\"[^\"]*\"", "\"epsilon\":\"0.1\"")
            .getBytes(StandardCharsets.UTF_8));
    List<Check> failed = failed(world, pack);
    assertThat(failed).hasSize(2);
    assertThat(failed.getFirst().name()).endsWith(ReleaseStage.PUBLISHED);
    assertThat(failed.getLast().name()).endsWith(ClaimStage.PRIVACY);
  }

  @Test
  void aClaimThatIsLeftOutOrAddedIsNamed() throws Exception {
    LoggedFederation world = new LoggedFederation(12);
    world.begin();
    JobRecord job = run(world, Jobs.STATISTICS);
    String sheet = sheet(world, job);
    assertThat(sheet).contains("\"epsilon\":\"not bounded\"");
    Path own = Files.createTempDirectory(folder, "own");
    for (String altered :
        List.of(
            sheet.replaceFirst("\\{", "{\"certified\":true,"),
            sheet.replaceFirst("\"bounded\":false,", ""),
            sheet.replace("\"not bounded\"", "\"1.0\""))) {
      assertThat(altered).isNotEqualTo(sheet);
      assertThat(SheetCheck.of(world, job, altered.getBytes(StandardCharsets.UTF_8), own))
          .anyMatch(c -> !c.ok());
    }
  }

  @Test
  void thePageHasEveryMemberAndBreaksOutOfNothing() throws Exception {
    LoggedFederation world = new LoggedFederation(13);
    world.begin();
    JobRecord job = run(world, Jobs.ATTESTED);
    JsonObject sheet =
        io.concordat.protocol.json.CanonicalJson.parseObject(
            sheet(world, job).getBytes(StandardCharsets.UTF_8));
    String page = ClaimPage.html(sheet);
    for (String point :
        List.of(
            "zero-out",
            "epsilon own share",
            "Renyi filter",
            "discrete Gaussian",
            "rho before",
            "What is not promised",
            "What it stands on",
            "can show a claim wrong and never right",
            "consistent")) {
      assertThat(page).contains(point);
    }
    assertThat(page).doesNotContain("<script").doesNotContain("http");
    JsonObject hostile = JsonObject.builder().put("name", "<script>x</script>").build();
    assertThat(ClaimPage.html(hostile)).doesNotContain("<script>");
  }

  @Test
  void aSiloThatAddsTheRootOfItsNoiseIsFlagged() throws Exception {
    LoggedFederation world = new LoggedFederation(14);
    world.begin();
    // Somebody took the share for the whole and divided once more by the root of four silos.
    world.trouble =
        new Trouble() {
          @Override
          public double sigma(String silo, int sigma) {
            return silo.equals("budapest") ? sigma / Math.sqrt(4) : sigma;
          }
        };
    run(world, Jobs.ATTESTED);
    assertThat(failed(world, world.pack()))
        .singleElement()
        .satisfies(c -> {
          assertThat(c.name()).endsWith(ClaimStage.NOISE);
          // Three whole shares and a quarter of one instead of four: 0.8125.
          assertThat(c.detail()).contains("too little noise: 0.8");
        });
  }

  @Test
  void aSiloWhoseNoiseComesBackInEveryRoundIsFlaggedThoughThereIsEnoughOfIt() throws Exception {
    LoggedFederation world = new LoggedFederation(16);
    world.begin();
    // One silo seeds its noise by its name and not by the round.
    world.trouble =
        new Trouble() {
          @Override
          public Random noise(String silo, int step, Random fresh) {
            return silo.equals("budapest") ? new Random(4711) : fresh;
          }
        };
    JobRecord job = run(world, Jobs.ATTESTED);
    assertThat(failed(world, world.pack()))
        .singleElement()
        .satisfies(c -> {
          assertThat(c.name()).endsWith(ClaimStage.FRESH);
          assertThat(c.detail()).contains("noise came back").contains("3 pairs");
        });
    assertThat(sheet(world, job)).contains("\"verdict\":\"noise came back\"");
  }

  @Test
  void noiseThatComesBackOnceAmongSeveralRoundsIsFlagged() throws Exception {
    LoggedFederation world = new LoggedFederation(17);
    world.begin();
    // A machine that was set back: all silos of one host draw the first round's noise again.
    world.trouble =
        new Trouble() {
          @Override
          public Random noise(String silo, int step, Random fresh) {
            boolean again = step == 0 || step == 4;
            return again ? new Random(silo.hashCode()) : fresh;
          }
        };
    JobRecord job = run(world, Jobs.ATTESTED.replace("rounds: 2", "rounds: 5"));
    assertThat(failed(world, world.pack()))
        .singleElement()
        .satisfies(c -> assertThat(c.name()).endsWith(ClaimStage.FRESH));
    assertThat(sheet(world, job)).contains("\"verdict\":\"noise came back\"");
  }

  @Test
  void silosThatShareOneSeedAreFlagged() throws Exception {
    LoggedFederation world = new LoggedFederation(15);
    world.begin();
    world.trouble =
        new Trouble() {
          @Override
          public double sigma(String silo, int sigma) {
            return 2 * (double) sigma;
          }
        };
    run(world, Jobs.ATTESTED);
    assertThat(failed(world, world.pack()))
        .singleElement()
        .satisfies(c -> assertThat(c.detail()).contains("too much noise"));
  }
}
