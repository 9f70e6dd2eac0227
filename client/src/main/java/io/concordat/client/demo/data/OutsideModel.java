package io.concordat.client.demo.data;

import io.concordat.protocol.analysis.ModelShape;

/**
 * Logistic regression fitted where all files lie, outside the federation: what a hospital gets from
 * its own records, or what everybody would get by pooling them. Inputs are standardised by the rows
 * it is fitted on; a small ridge keeps separable rows finite.
 */
public final class OutsideModel {
  private static final int STEPS = 100;
  private static final double CONVERGED = 1e-10;

  private final double[] centers;
  private final double[] scales;
  private final double[] weights;

  private OutsideModel(double[] centers, double[] scales, double[] weights) {
    this.centers = centers;
    this.scales = scales;
    this.weights = weights;
  }

  /**
   * Newton's method on the penalised likelihood.
   *
   * @param ridge penalty on squared standardised weights, the intercept's excepted; positive
   */
  public static OutsideModel fit(LabelledMatrix matrix, double ridge) {
    int n = matrix.rows();
    int d = matrix.columns();
    double[] centers = new double[d];
    double[] scales = new double[d];
    for (int j = 0; j < d; j++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        sum += matrix.input(i)[j];
      }
      centers[j] = sum / n;
      for (int i = 0; i < n; i++) {
        double u = matrix.input(i)[j] - centers[j];
        squares += u * u;
      }
      double deviation = Math.sqrt(squares / n);
      scales[j] = deviation > 0 ? deviation : 1;
    }
    OutsideModel model = new OutsideModel(centers, scales, new double[d + 1]);
    for (int step = 0; step < STEPS && model.newtonStep(matrix, ridge) > CONVERGED; step++) {
      // newtonStep has moved the weights.
    }
    return model;
  }

  private double newtonStep(LabelledMatrix matrix, double ridge) {
    int d = weights.length;
    double[] gradient = new double[d];
    double[][] hessian = new double[d][d];
    for (int j = 0; j < d; j++) {
      double penalty = j < d - 1 ? ridge : 1e-9;
      gradient[j] = penalty * weights[j];
      hessian[j][j] = penalty;
    }
    for (int i = 0; i < matrix.rows(); i++) {
      double[] x = scaled(matrix.input(i));
      double p = ModelShape.probability(dot(x));
      double error = p - (matrix.label(i) ? 1 : 0);
      double curvature = p * (1 - p);
      for (int j = 0; j < d; j++) {
        gradient[j] += error * x[j];
        for (int k = 0; k < d; k++) {
          hessian[j][k] += curvature * x[j] * x[k];
        }
      }
    }
    double[] move = solve(hessian, gradient);
    double largest = 0;
    for (int j = 0; j < d; j++) {
      weights[j] -= move[j];
      largest = Math.max(largest, Math.abs(move[j]));
    }
    return largest;
  }

  /** Gaussian elimination with pivoting, in place; the matrix is positive definite by the ridge. */
  private static double[] solve(double[][] a, double[] b) {
    int d = b.length;
    double[] x = b.clone();
    for (int column = 0; column < d; column++) {
      int pivot = column;
      for (int row = column + 1; row < d; row++) {
        pivot = Math.abs(a[row][column]) > Math.abs(a[pivot][column]) ? row : pivot;
      }
      double[] swap = a[column];
      a[column] = a[pivot];
      a[pivot] = swap;
      double value = x[column];
      x[column] = x[pivot];
      x[pivot] = value;
      for (int row = column + 1; row < d; row++) {
        double factor = a[row][column] / a[column][column];
        for (int k = column; k < d; k++) {
          a[row][k] -= factor * a[column][k];
        }
        x[row] -= factor * x[column];
      }
    }
    for (int row = d - 1; row >= 0; row--) {
      for (int k = row + 1; k < d; k++) {
        x[row] -= a[row][k] * x[k];
      }
      x[row] /= a[row][row];
    }
    return x;
  }

  private double[] scaled(double[] raw) {
    double[] x = new double[weights.length];
    for (int j = 0; j < raw.length; j++) {
      x[j] = (raw[j] - centers[j]) / scales[j];
    }
    x[raw.length] = 1;
    return x;
  }

  private double dot(double[] x) {
    double z = 0;
    for (int j = 0; j < x.length; j++) {
      z += weights[j] * x[j];
    }
    return z;
  }

  /** Probability of the positive class from raw inputs. */
  public double probability(double[] raw) {
    return ModelShape.probability(dot(scaled(raw)));
  }
}
