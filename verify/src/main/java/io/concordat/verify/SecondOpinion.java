package io.concordat.verify;

import io.concordat.protocol.ledger.JobRecord;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.policy.Policy;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The key numbers of a claim sheet by other means. Aggregator and verifier make the sheet with the
 * same classes, so a bug in those would agree with itself; nothing here calls an accountant, a
 * noise share or a filter of theirs.
 *
 * <ul>
 *   <li>Each silo's sigma is the least integer with sigma^2 (n_min - c) >= (z units)^2: in exact
 *       decimals from the policy's cohort.
 *   <li>Openings without sampling are one Gaussian of mu^2 = sum T_i units_i^2 / (silos sigma_i^2 -
 *       4): its delta at the claimed epsilon is integrated numerically, Simpson's rule on (p -
 *       e^epsilon q)+, and must be the job's delta.
 *   <li>With sampling: Renyi divergence at integer orders by the binomial sum (Mironov, Talwar,
 *       Zhang 2019, section 3.3), which is above the true epsilon and, at the rates that jobs may
 *       have, at most {@link #LOOSENESS} times as large.
 *   <li>What each silo was charged is the same sum at the cap's order over the manifests that name
 *       it.
 * </ul>
 */
final class SecondOpinion {
  /** Renyi's epsilon was up to three times the true one over the settings of the proofs' tests. */
  static final double LOOSENESS = 4;

  /** Both sides' arithmetic, and the accountants' grid of 1e-4. */
  private static final double TOLERANCE = 2e-3;

  private static final double ROUNDING_VARIANCE = 4;
  private static final int HIGHEST_ORDER = 512;
  private static final int SIMPSON_STEPS = 40_000;
  private static final double UNIT = 1e-9;

  private final JobRecord job;
  private final Policy policy;
  private final Map<?, ?> sheet;
  private final Tally tally;
  private final double delta;
  private final List<Part> parts = new ArrayList<>();

  private record Part(double rate, double units, double sigma, int openings) {
    /** Noise multiplier of so many silos' shares together. */
    double multiplier(int silos) {
      return Math.sqrt(silos * sigma * sigma - ROUNDING_VARIANCE) / units;
    }
  }

  private SecondOpinion(JobRecord job, Policy policy, Map<?, ?> sheet, Tally tally) {
    this.job = job;
    this.policy = policy;
    this.sheet = sheet;
    this.tally = tally;
    delta = number(member(sheet, "privacy"), "delta");
  }

  /**
   * Compares.
   *
   * @param sheet of a private job
   * @param tally gets each figure that differs
   * @return what was compared, in words
   */
  static String check(JobRecord job, Policy policy, Map<?, ?> sheet, Tally tally) {
    return new SecondOpinion(job, policy, sheet, tally).run();
  }

  private String run() {
    Map<?, ?> privacy = member(sheet, "privacy");
    int honest = policy.cohort().minContributors() - policy.cohort().maxColluding();
    for (Object item : (List<?>) value(privacy, "parts")) {
      part((Map<?, ?>) item, honest);
    }
    int[] counted = counted(null);
    epsilon("epsilon", privacy, honest, counted);
    epsilon("epsilonOwnShare", privacy, 1, counted);
    epsilon("epsilonPlanned", privacy, honest, planned());
    int silos = charges(honest);
    return "sigma, epsilons and the charges of " + silos + " silos, each by another computation";
  }

  private void part(Map<?, ?> part, int honest) {
    BigDecimal z = new BigDecimal(text(part, "noiseMultiplier"));
    BigDecimal units = BigDecimal.valueOf((long) number(part, "sensitivityUnits"));
    BigInteger sigma = BigInteger.valueOf((long) number(part, "siloSigmaUnits"));
    BigDecimal wanted = z.multiply(units).pow(2);
    boolean enough = joint(sigma, honest).compareTo(wanted) >= 0;
    boolean least = joint(sigma.subtract(BigInteger.ONE), honest).compareTo(wanted) < 0;
    hold(
        "siloSigmaUnits",
        enough && least,
        sigma + " for multiplier " + z + ", " + units + " units and " + honest + " honest silos");
    String[] rate = text(part, "samplingRate").split("/", 2);
    parts.add(
        new Part(
            Double.parseDouble(rate[0]) / Double.parseDouble(rate[1]),
            units.doubleValue(),
            sigma.doubleValue(),
            (int) number(part, "openings")));
  }

  private static BigDecimal joint(BigInteger sigma, int silos) {
    return new BigDecimal(sigma.pow(2).multiply(BigInteger.valueOf(silos)));
  }

  private int[] planned() {
    return parts.stream().mapToInt(Part::openings).toArray();
  }

  /** Openings of each part that the log does not show closed; a silo's own, or all. */
  private int[] counted(@Nullable String silo) {
    int[] out = new int[parts.size()];
    for (RoundRecord round : job.rounds()) {
      if (silo == null ? round.charged() : round.charges(silo)) {
        int part = 0;
        int before = 0;
        while (round.step() >= before + parts.get(part).openings()) {
          before += parts.get(part).openings();
          part++;
        }
        out[part]++;
      }
    }
    return out;
  }

  private void epsilon(String name, Map<?, ?> privacy, int silos, int[] openings) {
    double claimed = number(privacy, name);
    double mu2 = 0;
    boolean sampled = false;
    for (int i = 0; i < openings.length; i++) {
      double z = parts.get(i).multiplier(silos);
      mu2 += openings[i] / (z * z);
      sampled |= parts.get(i).rate() < 1 && openings[i] > 0;
    }
    if (mu2 == 0) {
      hold(name, claimed == 0, claimed + ", nothing counted");
    } else if (sampled) {
      double upper = renyiEpsilon(silos, openings);
      hold(
          name,
          claimed <= upper * (1 + TOLERANCE) && claimed >= upper / LOOSENESS,
          claimed + ", by Renyi divergence at most " + upper);
    } else {
      double low = hockeyStick(Math.sqrt(mu2), claimed * (1 + TOLERANCE));
      double high = hockeyStick(Math.sqrt(mu2), claimed * (1 - TOLERANCE));
      hold(
          name,
          low <= delta && delta <= high,
          claimed
              + ", where one Gaussian of mu "
              + Math.sqrt(mu2)
              + " has delta from "
              + low
              + " to "
              + high);
    }
  }

  /** Integral of (p - e^epsilon q)+ for p = N(mu, 1) and q = N(0, 1). */
  static double hockeyStick(double mu, double epsilon) {
    // p > e^epsilon q from here on; beyond mu + 12 there are 1e-33 left.
    double from = epsilon / mu + mu / 2;
    double to = Math.max(from, mu) + 12;
    double step = (to - from) / SIMPSON_STEPS;
    double sum = 0;
    for (int i = 0; i <= SIMPSON_STEPS; i++) {
      double x = from + i * step;
      double p = StrictMath.exp(-(x - mu) * (x - mu) / 2);
      double q = StrictMath.exp(epsilon - x * x / 2);
      int weight = i == 0 || i == SIMPSON_STEPS ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.max(0, p - q);
    }
    return sum * step / 3 / Math.sqrt(2 * Math.PI);
  }

  private double renyiEpsilon(int silos, int[] openings) {
    double best = Double.POSITIVE_INFINITY;
    for (int order = 2; order <= HIGHEST_ORDER; order++) {
      double rho = renyi(silos, openings, order);
      best =
          Math.min(
              best,
              rho + StrictMath.log1p(-1.0 / order) - StrictMath.log(delta * order) / (order - 1));
    }
    return best;
  }

  private double renyi(int silos, int[] openings, int order) {
    double sum = 0;
    for (int i = 0; i < openings.length; i++) {
      Part part = parts.get(i);
      sum += openings[i] * divergence(part.rate(), part.multiplier(silos), order);
    }
    return sum;
  }

  /** log of sum_k C(order, k) (1-q)^(order-k) q^k e^((k^2-k)/(2 z^2)), over order - 1. */
  static double divergence(double rate, double multiplier, int order) {
    if (rate == 1) {
      return order / (2 * multiplier * multiplier);
    }
    double[] terms = new double[order + 1];
    double choose = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k <= order; k++) {
      terms[k] =
          choose
              + (order - k) * StrictMath.log1p(-rate)
              + k * StrictMath.log(rate)
              + (double) k * (k - 1) / (2 * multiplier * multiplier);
      largest = Math.max(largest, terms[k]);
      choose += StrictMath.log((order - k) / (double) (k + 1));
    }
    double sum = 0;
    for (double term : terms) {
      sum += StrictMath.exp(term - largest);
    }
    return (largest + StrictMath.log(sum)) / (order - 1);
  }

  private int charges(int honest) {
    Map<?, ?> budget = member(sheet, "budget");
    int order = (int) number(budget, "order");
    Map<String, Double> stated = new TreeMap<>();
    for (Object item : (List<?>) value(budget, "silos")) {
      Map<?, ?> silo = (Map<?, ?>) item;
      stated.put(text(silo, "silo"), number(silo, "rhoOfJob"));
    }
    stated.forEach((silo, found) -> {
      int[] openings = counted(silo);
      int all = 0;
      for (int count : openings) {
        all += count;
      }
      double own = renyi(honest, openings, order);
      // Each opening is rounded up to a billionth.
      double slack = UNIT * 1e-3 + own * 1e-8;
      hold(
          "rhoOfJob of " + silo,
          found >= own - slack && found <= own + all * UNIT + slack,
          found + ", computed is " + own + " over " + all + " openings");
    });
    return stated.size();
  }

  private void hold(String name, boolean holds, String words) {
    if (holds) {
      tally.agree();
    } else {
      tally.fault(name, words);
    }
  }

  private static Object value(Map<?, ?> object, String name) {
    Object value = object.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the sheet has no " + name);
    }
    return value;
  }

  private static Map<?, ?> member(Map<?, ?> object, String name) {
    return (Map<?, ?>) value(object, name);
  }

  private static String text(Map<?, ?> object, String name) {
    return String.valueOf(value(object, name));
  }

  private static double number(Map<?, ?> object, String name) {
    return Double.parseDouble(text(object, name));
  }
}
