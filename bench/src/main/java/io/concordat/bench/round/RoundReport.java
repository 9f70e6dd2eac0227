package io.concordat.bench.round;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.concordat.bench.round.RoundTimes.Step;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.rlwe.ParameterSet;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What one job showed, as text, JSON and Markdown.
 *
 * @param times from the log
 * @param processor milliseconds a round by service, user and system time
 * @param steps by kind of work
 * @param bytes a silo's contribution with its boxes
 */
record RoundReport(RoundTimes times, Map<String, Double> processor, StepMeters steps, long bytes) {

  double median() {
    return RoundTimes.quantile(times.whole(), 0.5);
  }

  double wholeProcessor() {
    return processor.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  private String processorWords() {
    return processor.entrySet().stream()
        .map(e -> String.format(Locale.ROOT, "%s %.1f", e.getKey(), e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static long keySumBytes() {
    return BulkHead.BYTES + 2L * ParameterSet.RLWE_8192_150.ringDegree();
  }

  String text() {
    StringBuilder out = new StringBuilder();
    line(
        out,
        "a round with %d bytes a silo and %d bytes a key holder's answer, %d rounds: median %.1f ms, 9 of 10 below %.1f ms",
        bytes,
        keySumBytes(),
        times.whole().size(),
        median(),
        RoundTimes.quantile(times.whole(), 0.9));
    for (Step step : Step.values()) {
      line(out, "  %6.1f ms  %s", RoundTimes.quantile(times.of(step), 0.5), step.words());
    }
    line(out, "processor time: %.1f ms a round (%s)", wholeProcessor(), processorWords());
    line(out, "work on the clock, a round, the four silos together:");
    for (String kind : steps.kinds()) {
      line(
          out,
          "  %6.1f ms  %5.1f times  %s",
          steps.millis().getOrDefault(kind, 0.0),
          steps.counts().getOrDefault(kind, 0.0),
          kind);
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  String markdown(RoundReport cold, int rounds, int warmup, String machine) {
    StringBuilder out = new StringBuilder("## A whole round\n\n");
    line(
        out,
        "Made by `concordat bench round --rounds %d --warm-up %d --readme bench`. %s.%n",
        rounds,
        warmup,
        machine);
    out.append(
        """
        A private logistic job of 14 values, four silos and the aggregator as five processes on loopback: mutual
        TLS, SQLite with every commit on the disk, all four silos key holders and witnesses. Times are the log's
        own; a round is everything from its announcement to the next one's, the silo's gradient included, which
        takes less than a millisecond. The five processes share the machine's cores; institutions have their own.

        """);
    line(out, "| | first job, just started | after %d jobs |", warmup);
    out.append("| --- | ---: | ---: |\n");
    line(out, "| median of a round | %.0f ms | **%.0f ms** |", cold.median(), median());
    line(
        out,
        "| 9 of 10 below | %.0f ms | %.0f ms |",
        RoundTimes.quantile(cold.times.whole(), 0.9),
        RoundTimes.quantile(times.whole(), 0.9));
    for (Step step : Step.values()) {
      line(
          out,
          "| %s | %.0f ms | %.0f ms |",
          step.words(),
          RoundTimes.quantile(cold.times.of(step), 0.5),
          RoundTimes.quantile(times.of(step), 0.5));
    }
    line(
        out,
        "| processor time, all five | %.0f ms | %.0f ms |",
        cold.wholeProcessor(),
        wholeProcessor());
    line(out, "| bytes a silo sends | | %d |", bytes);
    line(out, "| bytes of a key holder's answer | | %d |", keySumBytes());
    out.append("\nWhere the time goes, on the clock, a round, after the warm-up:\n\n");
    out.append("| work | times a round | ms a round |\n| --- | ---: | ---: |\n");
    for (String kind : steps.kinds()) {
      line(
          out,
          "| %s | %.1f | %.1f |",
          kind,
          steps.counts().getOrDefault(kind, 0.0),
          steps.millis().getOrDefault(kind, 0.0));
    }
    out.append(
        """

        `decide` is the state machines' step, `commit` its flush to the disk; the rest are the commands that the
        machines give. What is missing to the processor time is HTTP, TLS and the virtual machine.
        """);
    return out.toString();
  }

  String json() throws IOException {
    ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    ObjectNode out = mapper.createObjectNode();
    out.put("schema", "bench-round/1");
    ArrayNode figures = out.putArray("figures");
    figure(figures, "round.median", "ms", median());
    figure(figures, "round.p90", "ms", RoundTimes.quantile(times.whole(), 0.9));
    for (Step step : Step.values()) {
      figure(
          figures,
          "round.step." + step.name().toLowerCase(Locale.ROOT),
          "ms",
          RoundTimes.quantile(times.of(step), 0.5));
    }
    processor.forEach((name, millis) -> figure(figures, "round.processor." + name, "ms", millis));
    for (String kind : steps.kinds()) {
      String name = kind.replace(' ', '.');
      figure(figures, "round.work." + name, "ms", steps.millis().getOrDefault(kind, 0.0));
      figure(figures, "round.count." + name, "times", steps.counts().getOrDefault(kind, 0.0));
    }
    figure(figures, "round.bytes", "bytes", bytes);
    figure(figures, "round.bytes.key-sum", "bytes", keySumBytes());
    return mapper.writeValueAsString(out) + "\n";
  }

  private static void figure(ArrayNode figures, String name, String unit, double value) {
    figures.addObject().put("name", name).put("unit", unit).put("value", value);
  }
}
