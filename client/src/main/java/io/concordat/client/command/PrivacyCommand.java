package io.concordat.client.command;

import io.concordat.crypto.bulk.Digests;
import io.concordat.policies.PolicyReader;
import io.concordat.privacy.accountant.Accountant;
import io.concordat.privacy.accountant.Calibration;
import io.concordat.privacy.accountant.GaussianRound;
import io.concordat.privacy.accountant.PldAccountant;
import io.concordat.privacy.accountant.RdpAccountant;
import io.concordat.privacy.evidence.CanaryAudit;
import io.concordat.protocol.analysis.JobPrice;
import io.concordat.protocol.claims.ReplayedAudit;
import io.concordat.protocol.job.JobChecker;
import io.concordat.protocol.job.JobReader;
import io.concordat.protocol.job.JobSpecification;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code concordat privacy ...}: the accountants on their own, for whoever plans a job or checks
 * one of somebody else's.
 */
@Command(
    name = "privacy",
    mixinStandardHelpOptions = true,
    description = {
      "What rounds of subsampled Gaussian noise cost, and how much noise a target needs.",
      "",
      "Relation: zero-out: one patient's records left out while the silos' sizes stay public; add/remove costs the same. "
          + "Rounds are fixed in advance, patients join independently of each other (Poisson sampling). "
          + "PLD is the tight bound; RDP stands beside it as a check and is never below."
    },
    footer = {
      "",
      "Examples:",
      "  concordat privacy epsilon --noise-multiplier 2.187 --sampling-rate 0.05 --rounds 400 --delta 1e-5",
      "  concordat privacy delta --noise-multiplier 2.187 --sampling-rate 0.05 --rounds 400 --epsilon 2",
      "  concordat privacy calibrate --epsilon 1 --delta 1e-5 --rounds 30",
      "  concordat privacy audit heart.yaml --policy policy.yaml",
      "",
      "Training and one evaluation together, the k-th of each option belonging together:",
      "  concordat privacy epsilon --delta 1e-5 --noise-multiplier 3.9 --sampling-rate 0.05 --rounds 400 \\",
      "      --noise-multiplier 10 --sampling-rate 1 --rounds 1",
      "Noise for the training beside an evaluation that a file describes (one line: 10 1 1):",
      "  concordat privacy calibrate --epsilon 1 --delta 1e-5 --rounds 30 --file evaluation.txt",
      "",
      "Exit status: 0 answered, 1 no noise reaches the target, 2 wrong numbers."
    })
public final class PrivacyCommand {
  private static final String RELATION = "zero-out";
  private static final BigDecimal PLACEHOLDER = BigDecimal.ONE;

  @Command(
      name = "epsilon",
      mixinStandardHelpOptions = true,
      description = "The epsilon of rounds at a delta.",
      footer = {
        "",
        "Example:",
        "  concordat privacy epsilon --noise-multiplier 2.187 --sampling-rate 0.05 --rounds 400 --delta 1e-5 --json"
      })
  int epsilon(
      @Option(
              names = "--delta",
              paramLabel = "D",
              required = true,
              description = "1e-10 or more, less than 1.")
          BigDecimal delta,
      @Mixin PlannedRounds planned,
      @Mixin Output output)
      throws IOException, InvalidInputException {
    return answer(
        "epsilon",
        "delta",
        delta,
        planned.all(),
        output,
        (accountant, rounds) -> accountant.epsilon(rounds, delta.doubleValue()));
  }

  @Command(
      name = "delta",
      mixinStandardHelpOptions = true,
      description = "The delta of rounds at an epsilon. No delta below 1e-10 is answered by PLD.",
      footer = {
        "",
        "Example:",
        "  concordat privacy delta --noise-multiplier 2.187 --sampling-rate 0.05 --rounds 400 --epsilon 2 --json"
      })
  int delta(
      @Option(names = "--epsilon", paramLabel = "E", required = true, description = "0 or more.")
          BigDecimal epsilon,
      @Mixin PlannedRounds planned,
      @Mixin Output output)
      throws IOException, InvalidInputException {
    return answer(
        "delta",
        "epsilon",
        epsilon,
        planned.all(),
        output,
        (accountant, rounds) -> accountant.delta(rounds, epsilon.doubleValue()));
  }

  /** What is wanted at what is given, by the tight accountant and by the loose one. */
  private static int answer(
      String wanted,
      String given,
      BigDecimal at,
      List<PlannedRounds.Kind> kinds,
      Output output,
      ToDoubleBiFunction<Accountant, List<GaussianRound>> question)
      throws IOException, InvalidInputException {
    List<GaussianRound> rounds = rounds(kinds);
    double pld = asked(() -> question.applyAsDouble(PldAccountant.standard(), rounds));
    double rdp = asked(() -> question.applyAsDouble(RdpAccountant.standard(), rounds));
    if (output.json) {
      Map<String, Object> tree = tree(wanted, kinds);
      tree.put(given, at.toString());
      tree.put("pld", Map.of(wanted, exact(pld)));
      tree.put("rdp", Map.of(wanted, exact(rdp)));
      output.printJson(tree);
    } else {
      say(kinds, output);
      output.say(given + " " + at + ", relation " + RELATION);
      output.terminal().line(wanted + " " + upward(pld) + output(output, " (PLD)"));
      output.say(wanted + " " + upward(rdp) + " (RDP)");
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "calibrate",
      mixinStandardHelpOptions = true,
      description = {
        "The least noise multiplier, to four decimals, that keeps rounds within an epsilon.",
        "Rounds in --file keep their noise and are paid first."
      },
      footer = {
        "",
        "Example:",
        "  concordat privacy calibrate --epsilon 2 --delta 1e-5 --sampling-rate 0.05 --rounds 400"
      })
  int calibrate(
      @Option(names = "--epsilon", paramLabel = "E", required = true, description = "The target.")
          BigDecimal epsilon,
      @Option(
              names = "--delta",
              paramLabel = "D",
              required = true,
              description = "1e-10 or more, less than 1.")
          BigDecimal delta,
      @Mixin PlannedRounds planned,
      @Mixin Output output)
      throws IOException, InvalidInputException {
    PlannedRounds.Kind wanted = planned.withNoise(PLACEHOLDER);
    List<PlannedRounds.Kind> fixed = planned.fromFile();
    Calibration.Outcome tight = calibrated(PldAccountant.standard(), epsilon, delta, wanted, fixed);
    Calibration.Outcome loose = calibrated(RdpAccountant.standard(), epsilon, delta, wanted, fixed);
    if (output.json) {
      Map<String, Object> tree = tree("calibrate", fixed);
      tree.put("fixedRounds", tree.remove("rounds"));
      tree.put("samplingRate", wanted.samplingRate().toPlainString());
      tree.put("rounds", wanted.rounds());
      tree.put("epsilon", epsilon.toString());
      tree.put("delta", delta.toString());
      tree.put("pld", json(tight));
      tree.put("rdp", json(loose));
      output.printJson(tree);
    } else {
      say(fixed, output);
      output.say(
          "target epsilon "
              + epsilon
              + " at delta "
              + delta
              + ", "
              + wanted.rounds()
              + " rounds at sampling rate "
              + wanted.samplingRate().toPlainString()
              + ", relation "
              + RELATION);
      output.terminal().line(words(tight) + output(output, " (PLD)"));
      output.say(words(loose) + " (RDP)");
    }
    return switch (tight) {
      case Calibration.Calibrated _ -> ExitStatus.DONE;
      case Calibration.Unreachable _ -> ExitStatus.REFUSED;
    };
  }

  @Command(
      name = "audit",
      mixinStandardHelpOptions = true,
      description = {
        "Attack a private job's mechanism: planted records in a replay with the job's own noise.",
        "A thousand canaries are in or out by fair coins; an attacker who sees every opened sum guesses the coins.",
        "The bound that follows is a lower one: it can show a claim wrong, and never right."
      },
      footer = {
        "",
        "Examples:",
        "  concordat privacy audit heart.yaml --policy policy.yaml",
        "  concordat privacy audit heart.yaml --policy policy.yaml --seed mine --json",
        "",
        "Claim sheets carry the same, with the job's digest as seed.",
        "Exit status: 0 consistent or a test too weak, 1 inconsistent, 2 wrong input."
      })
  int audit(
      @Parameters(paramLabel = "JOB", description = "The job file; a nonce is not needed.")
          Path file,
      @Option(
              names = "--policy",
              paramLabel = "FILE",
              required = true,
              description = "The policy under which it would run.")
          Path policy,
      @Option(
              names = "--seed",
              paramLabel = "TEXT",
              description = "Coins and noise follow from it; by default from the file.")
          @Nullable String seed,
      @Mixin Output output)
      throws IOException, InvalidInputException {
    byte[] bytes = Files.readAllBytes(file);
    Outcome<JobPrice> priced =
        PolicyReader.read(policy.toString(), Files.readAllBytes(policy))
            .then(p -> JobReader.read(file.toString(), bytes).then(job -> price(job, p)));
    if (!(priced instanceof Outcome.Accepted<JobPrice>(JobPrice price))) {
      throw new InvalidInputException(
          String.join("\n  ", priced.refusals().stream().map(Refusal::toString).toList()));
    }
    byte[] source = seed == null ? bytes : seed.getBytes(StandardCharsets.UTF_8);
    ReplayedAudit audit = ReplayedAudit.of(price, Digests.sha256(source).bytes());
    Map<String, Object> tree = new LinkedHashMap<>(audit.toJson().members());
    if (output.json) {
      tree.put("schema", "canary/1");
      output.printJson(tree);
    } else {
      output.say(
          tree.get("openings")
              + " openings of "
              + tree.get("silos")
              + " silos replayed: "
              + tree.get("right")
              + " of "
              + tree.get("guesses")
              + " guesses about "
              + tree.get("canaries")
              + " canaries right");
      output.say(
          "claimed epsilon "
              + four(tree.get("claimed"), RoundingMode.CEILING)
              + " at delta "
              + BigDecimal.valueOf(price.delta()).toPlainString());
      output.say(
          "with every guess right the bound would be "
              + four(tree.get("ceiling"), RoundingMode.FLOOR));
      output
          .terminal()
          .line(
              "epsilon is at least "
                  + four(tree.get("lowerBound"), RoundingMode.FLOOR)
                  + output(output, " with 95 % confidence")
                  + ": "
                  + tree.get("verdict"));
    }
    return audit.verdict().orElseThrow() == CanaryAudit.Verdict.INCONSISTENT
        ? ExitStatus.REFUSED
        : ExitStatus.DONE;
  }

  /** The price of a job that the policy allows, but for the nonce that submitting adds. */
  private static Outcome<JobPrice> price(JobSpecification job, Policy policy) {
    List<Refusal> refusals =
        JobChecker.check(job, policy).stream().filter(r -> r.code() != Code.JOB_NONCE).toList();
    return refusals.isEmpty() ? JobPrice.of(job, policy) : Outcome.refused(refusals);
  }

  private static String four(@Nullable Object decimal, RoundingMode mode) {
    return new BigDecimal(String.valueOf(decimal)).setScale(4, mode).toPlainString();
  }

  private static Calibration.Outcome calibrated(
      Accountant accountant,
      BigDecimal epsilon,
      BigDecimal delta,
      PlannedRounds.Kind wanted,
      List<PlannedRounds.Kind> fixed)
      throws InvalidInputException {
    try {
      return Calibration.noiseMultiplier(
          accountant,
          epsilon.doubleValue(),
          delta.doubleValue(),
          wanted.samplingRate().doubleValue(),
          wanted.rounds(),
          rounds(fixed));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Map<String, Object> json(Calibration.Outcome outcome) {
    Map<String, Object> tree = new LinkedHashMap<>();
    switch (outcome) {
      case Calibration.Calibrated(BigDecimal noiseMultiplier, double epsilon) -> {
        tree.put("noiseMultiplier", noiseMultiplier.toPlainString());
        tree.put("epsilon", exact(epsilon));
      }
      case Calibration.Unreachable(double fixedEpsilon) ->
          tree.put("fixedEpsilon", exact(fixedEpsilon));
    }
    return tree;
  }

  private static String words(Calibration.Outcome outcome) {
    return switch (outcome) {
      case Calibration.Calibrated(BigDecimal noiseMultiplier, double epsilon) ->
          "noise multiplier " + noiseMultiplier.toPlainString() + ", epsilon " + upward(epsilon);
      case Calibration.Unreachable(double fixedEpsilon) ->
          "out of reach: the rounds whose noise is settled cost epsilon " + upward(fixedEpsilon);
    };
  }

  private static void say(List<PlannedRounds.Kind> kinds, Output output) {
    kinds.forEach(kind -> output.say(kind.toString()));
  }

  /** With --quiet the figure stands alone on its line. */
  private static String output(Output output, String remark) {
    return output.quiet ? "" : remark;
  }

  private static Map<String, Object> tree(String question, List<PlannedRounds.Kind> kinds) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("schema", "privacy/1");
    tree.put("question", question);
    tree.put("relation", RELATION);
    tree.put("rounds", kinds.stream().map(PlannedRounds.Kind::json).toList());
    return tree;
  }

  private static List<GaussianRound> rounds(List<PlannedRounds.Kind> kinds) {
    return kinds.stream().map(PlannedRounds.Kind::round).toList();
  }

  private interface Question {
    double answer();
  }

  /** What an accountant does not accept is the caller's number, and the message says which. */
  private static double asked(Question question) throws InvalidInputException {
    try {
      return question.answer();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String exact(double value) {
    return Double.isInfinite(value)
        ? "infinite"
        : new BigDecimal(Double.toString(value)).toString();
  }

  /** Five digits, never rounded to the cheaper side. */
  private static String upward(double value) {
    return Double.isInfinite(value)
        ? "infinite"
        : new BigDecimal(value).round(new MathContext(5, RoundingMode.CEILING)).toString();
  }
}
