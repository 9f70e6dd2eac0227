package io.concordat.bench.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Seconds against values, both logarithmic, as SVG. */
final class Plot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 190;
  private static final int TOP = 20;
  private static final int BOTTOM = 50;
  private static final double LEAST_SECONDS = 1e-4;
  private static final double MOST_SECONDS = 1e2;

  private record Line(String name, String colour, double[] seconds) {}

  private final long[] sizes;
  private final List<Line> lines = new ArrayList<>();

  Plot(List<Figure> figures, long[] sizes) {
    this.sizes = Arrays.stream(sizes).sorted().toArray();
    add(figures, "SEAL CKKS encrypt", "#b04a3a", "peer.seal-ckks.encrypt", false);
    add(figures, "SEAL BFV encrypt", "#c98a2b", "peer.seal-bfv.encrypt", false);
    add(figures, "open", "#6b6b6b", "open", true);
    add(figures, "seal", "#1f6f54", "seal.seconds", true);
    add(figures, "fingerprint", "#4a7fb5", "fingerprint", true);
    add(figures, "add", "#7a5aa6", "add", true);
  }

  private void add(
      List<Figure> figures, String name, String colour, String figure, boolean eachSize) {
    double[] seconds = new double[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      String wanted = eachSize ? figure + "." + sizes[i] : figure;
      for (Figure f : figures) {
        if (f.name().equals(wanted)) {
          seconds[i] = f.unit().equals("s") ? f.value() : sizes[i] / f.value();
        }
      }
      if (seconds[i] == 0) {
        return;
      }
    }
    lines.add(new Line(name, colour, seconds));
  }

  private double x(long size) {
    double from = Math.log10(sizes[0]);
    double to = Math.max(from + 1, Math.log10(sizes[sizes.length - 1]));
    return LEFT + (Math.log10(size) - from) / (to - from) * (WIDTH - LEFT - RIGHT);
  }

  private static double y(double seconds) {
    double from = Math.log10(LEAST_SECONDS);
    double share = (Math.log10(seconds) - from) / (Math.log10(MOST_SECONDS) - from);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }

  String svg() {
    StringBuilder out = new StringBuilder();
    out.append(
        String.format(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"12\"><title>Processor seconds of one core against values</title>\n"
                + "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n",
            WIDTH, HEIGHT, WIDTH, HEIGHT));
    for (double s = LEAST_SECONDS; s < MOST_SECONDS * 1.1; s *= 10) {
      out.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%.1f\""
                  + " text-anchor=\"end\">%s s</text>\n",
              LEFT,
              y(s),
              WIDTH - RIGHT,
              LEFT - 6,
              y(s) + 4,
              s < 1 ? trimmed(s) : (int) (s + 0.5)));
    }
    for (long size : sizes) {
      out.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,d</text>\n",
              x(size),
              HEIGHT - BOTTOM + 20,
              size));
    }
    out.append(
        String.format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">values</text>\n",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10));
    double lastLabel = -100;
    for (Line line : lines) {
      StringBuilder points = new StringBuilder();
      for (int i = 0; i < sizes.length; i++) {
        points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(sizes[i]), y(line.seconds[i])));
      }
      double end = y(line.seconds[sizes.length - 1]);
      lastLabel = Math.max(end, lastLabel + 15);
      out.append(
          String.format(
              Locale.ROOT,
              "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>"
                  + "<text x=\"%d\" y=\"%.1f\" fill=\"%s\">%s</text>\n",
              points,
              line.colour,
              WIDTH - RIGHT + 8,
              lastLabel + 4,
              line.colour,
              line.name));
    }
    return out.append("</svg>\n").toString();
  }

  private static String trimmed(double seconds) {
    return String.format(Locale.ROOT, "%.4f", seconds).replaceAll("0+$", "");
  }
}
