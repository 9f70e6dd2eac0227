package io.concordat.policies;

import io.concordat.crypto.InvariantViolation;
import io.concordat.protocol.policy.LogKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A policy with places for what exists only once keys are made: {@code ${name}} in the text. The
 * result is a file like any other, to be read, signed and kept as it is.
 */
public final class PolicyTemplate {
  private static final Pattern PLACE = Pattern.compile("\\$\\{([a-zA-Z0-9.-]+)}");
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9:+/=_.,-]{1,2000}");

  private final String text;

  private PolicyTemplate(String text) {
    this.text = text;
  }

  public static PolicyTemplate of(String text) {
    return new PolicyTemplate(text);
  }

  /** The demo's consortium: four hospitals, each silo, holder and witness. */
  public static PolicyTemplate demoConsortium() {
    return new PolicyTemplate(Examples.text("demo-consortium/policy.template.yaml"));
  }

  /** Names of the places, in the order they first stand. */
  public Set<String> places() {
    Set<String> out = new LinkedHashSet<>();
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      out.add(matcher.group(1));
    }
    return out;
  }

  /**
   * Fills every place.
   *
   * @throws IllegalArgumentException if a place has no value, a value no place, or a value contains
   *     anything that could end its line or quotes
   */
  public byte[] fill(Map<String, String> values) {
    if (!places().equals(values.keySet())) {
      throw new IllegalArgumentException(
          "template has places " + places() + ", values are given for " + values.keySet());
    }
    values.forEach((name, value) -> {
      if (!VALUE.matcher(value).matches()) {
        throw new IllegalArgumentException("value of " + name + " has characters to escape");
      }
    });
    String filled =
        PLACE
            .matcher(text)
            .replaceAll(m -> {
              String value = values.get(m.group(1));
              if (value == null) {
                throw new InvariantViolation("a place without a value passed the check");
              }
              return Matcher.quoteReplacement(value);
            });
    return filled.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Fills a template whose places are {@code <institution>.policyKey}, {@code
   * <institution>.nodeKey}, {@code log.key}, {@code log.quantumKey}, {@code log.releaseKey}, {@code
   * notBefore} and {@code expires}.
   *
   * @param policyKeys by institution, as {@link io.concordat.crypto.sign.PublicKeys} or an Ed25519
   *     key alone
   * @param nodeKeys likewise
   * @param logKeys under the template's log origin
   * @param from start of force; it ends a year later
   */
  public byte[] fill(
      Map<String, ?> policyKeys, Map<String, ?> nodeKeys, LogKeys logKeys, Instant from) {
    Instant start = from.truncatedTo(ChronoUnit.SECONDS);
    Map<String, String> values = new TreeMap<>();
    policyKeys.forEach((id, key) -> values.put(id + ".policyKey", key.toString()));
    nodeKeys.forEach((id, key) -> values.put(id + ".nodeKey", key.toString()));
    values.put("log.key", logKeys.classic());
    values.put("log.quantumKey", logKeys.quantum());
    values.put("log.releaseKey", logKeys.release());
    values.put("notBefore", start.toString());
    values.put("expires", start.plus(365, ChronoUnit.DAYS).toString());
    return fill(values);
  }

  /** Files under policies/examples as the programs carry them. */
  public static final class Examples {
    private Examples() {}

    public static String text(String name) {
      try (InputStream in = PolicyTemplate.class.getResourceAsStream("examples/" + name)) {
        if (in == null) {
          throw new InvariantViolation("no example " + name + " was packed");
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
