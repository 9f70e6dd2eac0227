package io.concordat.protocol.job;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/** How a model is fitted from sums. */
public sealed interface Strategy {
  String kind();

  /** Openings of the fit, evaluation and scaling not counted. */
  int rounds();

  /**
   * Federated averaging (McMahan et al., 2017): silos train alone for some epochs, the sum of their
   * updates, weighted by their persons, is opened. Exact: for datasets without a cap only.
   */
  record FedAvg(
      int rounds,
      int localEpochs,
      int batch,
      BigDecimal learningRate,
      BigDecimal momentum,
      BigDecimal weightDecay,
      Encoding encoding)
      implements Strategy {
    @Override
    public String kind() {
      return "fedavg";
    }
  }

  /**
   * How an exact update becomes integers.
   *
   * @param bits width of a value with its sign
   * @param range values beyond plus or minus this are cut
   */
  record Encoding(int bits, BigDecimal range) {}

  /**
   * One clipped, noised gradient step of all records together at each opening.
   *
   * @param samplingRate probability with which each person joins a round; exact
   * @param clipNorm L2 norm to which a person's gradient is cut
   * @param clipUnits that norm in integers: the sensitivity of the sum
   * @param localSteps always 1 in a job that is accepted; read so that more can be refused by name
   * @param scalingNoiseMultiplier joint noise of the round that opens means and variances for
   *     federation scaling, over one person's reach
   * @param optimizer what is done with an opened sum, free of privacy cost
   * @param average which states the result averages, free as well
   */
  record DpSgd(
      int rounds,
      BigDecimal samplingRate,
      BigDecimal clipNorm,
      long clipUnits,
      int localSteps,
      BigDecimal scalingNoiseMultiplier,
      Optimizer optimizer,
      Average average)
      implements Strategy {
    /** Where a job names none: fine enough for a million parameters. */
    public static final long DEFAULT_CLIP_UNITS = 1L << 18;

    @Override
    public String kind() {
      return "dp-sgd";
    }
  }

  /** Stochastic gradient descent with momentum on the server's side. */
  record Optimizer(BigDecimal learningRate, BigDecimal momentum) {}

  /** Which states a result averages. */
  enum Average {
    NONE("none"),
    /** The later half. */
    TAIL("tail"),
    ALL("all");

    private final String text;

    Average(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    public static Optional<Average> byText(String text) {
      return Arrays.stream(values()).filter(a -> a.text.equals(text)).findFirst();
    }
  }
}
