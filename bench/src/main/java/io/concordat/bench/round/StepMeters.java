package io.concordat.bench.round;

import io.concordat.client.demo.LocalFederation;
import io.concordat.client.demo.ServiceProcess;
import io.concordat.client.demo.data.DemoRecords;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The services' own meters of how often each kind of work was done and how long it took, summed
 * over the silos.
 *
 * @param counts by kind of work, {@code aggregator commit} or {@code silos CheckBox}
 * @param millis likewise, time on the clock
 */
record StepMeters(Map<String, Double> counts, Map<String, Double> millis) {
  private static final Pattern LINE =
      Pattern.compile("concordat_steps_seconds_(count|sum)\\{step=\"([A-Za-z]+)\",?} ([0-9.E+-]+)");

  static StepMeters of(LocalFederation federation) throws IOException, InterruptedException {
    StepMeters meters = new StepMeters(new TreeMap<>(), new TreeMap<>());
    meters.read("aggregator", federation.aggregator());
    for (String hospital : DemoRecords.HOSPITALS) {
      meters.read("silos", federation.silo(hospital));
    }
    return meters;
  }

  private void read(String who, ServiceProcess service) throws IOException, InterruptedException {
    URI metrics = URI.create(service.awaitReady().managementUrl() + "/q/metrics");
    String text;
    try (InputStream in = metrics.toURL().openStream()) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Matcher line = LINE.matcher(text);
    while (line.find()) {
      boolean sum = line.group(1).equals("sum");
      double value = Double.parseDouble(line.group(3)) * (sum ? 1000 : 1);
      (sum ? millis : counts).merge(who + " " + line.group(2), value, Double::sum);
    }
  }

  /** What was added since an earlier reading, for each of so many rounds. */
  StepMeters since(StepMeters earlier, int rounds) {
    StepMeters out = new StepMeters(new TreeMap<>(counts), new TreeMap<>(millis));
    out.counts.replaceAll((k, v) -> (v - earlier.counts.getOrDefault(k, 0.0)) / rounds);
    out.millis.replaceAll((k, v) -> (v - earlier.millis.getOrDefault(k, 0.0)) / rounds);
    return out;
  }

  /** Kinds of work that happen in every round, those that take longest first. */
  List<String> kinds() {
    List<String> out = new ArrayList<>(millis.keySet());
    out.removeIf(kind -> counts.getOrDefault(kind, 0.0) < 0.5);
    out.sort((a, b) -> Double.compare(millis.getOrDefault(b, 0.0), millis.getOrDefault(a, 0.0)));
    return out;
  }
}
