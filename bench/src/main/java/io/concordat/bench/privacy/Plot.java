package io.concordat.bench.privacy;

import java.util.List;
import java.util.Locale;

/**
 * Accuracy against epsilon, one panel a benchmark, bars of one deviation over the seeds, as SVG.
 */
final class Plot {
  private static final int PANEL = 440;
  private static final int HEIGHT = 400;
  private static final int LEFT = 50;
  private static final int RIGHT = 20;
  private static final int TOP = 34;
  private static final int BOTTOM = 72;
  private static final String JOINT = "#1f6f54";
  private static final String OWN = "#b04a3a";
  private static final String LEVEL = "#6b6b6b";

  private final List<Report.Table> tables;

  Plot(List<Report.Table> tables) {
    this.tables = List.copyOf(tables);
  }

  String svg() {
    StringBuilder out = new StringBuilder();
    int width = PANEL * tables.size();
    out.append(
        String.format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"12\"><title>Accuracy on pooled evaluation patients against epsilon</title>\n"
                + "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n",
            width, HEIGHT, width, HEIGHT));
    for (int t = 0; t < tables.size(); t++) {
      out.append(String.format("<g transform=\"translate(%d 0)\">\n", t * PANEL));
      new Panel(tables.get(t), out).draw();
      out.append("</g>\n");
    }
    legend(out);
    return out.append("</svg>\n").toString();
  }

  private static void legend(StringBuilder out) {
    String[][] entries = {
      {JOINT, "joint noise"}, {OWN, "own share"}, {LEVEL, "without privacy: as the lines say"}
    };
    int x = LEFT;
    for (String[] entry : entries) {
      out.append(
          String.format(
              "<path d=\"M%d %dh24\" stroke=\"%s\" stroke-width=\"2\"/><text x=\"%d\" y=\"%d\">%s</text>\n",
              x, HEIGHT - 16, entry[0], x + 30, HEIGHT - 12, entry[1]));
      x += 130;
    }
  }

  private record Panel(Report.Table table, StringBuilder out) {
    private double floor() {
      double lowest = 1;
      for (Result r : table.results()) {
        lowest = Math.min(lowest, r.accuracy() - r.deviation());
      }
      for (Benchmark.Level level : table.benchmark().levels()) {
        lowest = Math.min(lowest, level.accuracy());
      }
      return Math.floor(lowest * 20 - 0.2) / 20;
    }

    private double ceiling() {
      double highest = table.pooledAccuracy();
      for (Result r : table.results()) {
        highest = Math.max(highest, r.accuracy() + r.deviation());
      }
      return Math.min(1, Math.ceil(highest * 20 + 0.2) / 20);
    }

    private double x(double epsilon) {
      double from = Math.log(PrivacyBench.EPSILONS[0]);
      double to = Math.log(PrivacyBench.EPSILONS[PrivacyBench.EPSILONS.length - 1]);
      return LEFT + 20 + (Math.log(epsilon) - from) / (to - from) * (PANEL - LEFT - RIGHT - 40);
    }

    private double y(double accuracy) {
      return HEIGHT
          - BOTTOM
          - (accuracy - floor()) / (ceiling() - floor()) * (HEIGHT - TOP - BOTTOM);
    }

    void draw() {
      out.append(
          String.format(
              "<text x=\"%d\" y=\"18\" font-weight=\"bold\">%s</text>\n",
              LEFT, table.benchmark().title()));
      double step = ceiling() - floor() > 0.3 ? 0.1 : 0.05;
      for (double a = floor(); a <= ceiling() + 1e-9; a += step) {
        out.append(
            String.format(
                Locale.ROOT,
                "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>\n",
                LEFT,
                y(a),
                PANEL - RIGHT,
                LEFT - 6,
                y(a) + 4,
                a));
      }
      for (double epsilon : PrivacyBench.EPSILONS) {
        out.append(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n",
                x(epsilon),
                HEIGHT - BOTTOM + 18,
                epsilon == Math.rint(epsilon)
                    ? Integer.toString((int) epsilon)
                    : Double.toString(epsilon)));
      }
      out.append(
          String.format(
              "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">epsilon at delta 1e-5</text>\n",
              (LEFT + PANEL - RIGHT) / 2, HEIGHT - BOTTOM + 36));
      if (table.benchmark().levels().isEmpty()) {
        level("pooled, no privacy", table.pooledAccuracy());
      }
      table.benchmark().levels().forEach(level -> level(level.name(), level.accuracy()));
      line(NoiseBasis.OWN_SHARE, OWN);
      line(NoiseBasis.JOINT, JOINT);
    }

    private void level(String name, double accuracy) {
      out.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%d %.1fH%d\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" font-size=\"10\" fill=\"%s\">%s %.3f</text>\n",
              LEFT,
              y(accuracy),
              PANEL - RIGHT,
              LEVEL,
              PANEL - RIGHT,
              y(accuracy) + 11,
              LEVEL,
              name.replace(", no privacy", ""),
              accuracy));
    }

    private void line(NoiseBasis basis, String colour) {
      StringBuilder points = new StringBuilder();
      for (Result r : table.results()) {
        if (r.basis() != basis) {
          continue;
        }
        double x = x(r.epsilon());
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y(r.accuracy())));
        out.append(
            String.format(
                Locale.ROOT,
                "<path d=\"M%.1f %.1fV%.1f\" stroke=\"%s\" opacity=\"0.5\"/>"
                    + "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n",
                x,
                y(r.accuracy() - r.deviation()),
                y(Math.min(1, r.accuracy() + r.deviation())),
                colour,
                x,
                y(r.accuracy()),
                colour));
      }
      out.append(
          String.format(
              "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
              points, colour));
    }
  }
}
