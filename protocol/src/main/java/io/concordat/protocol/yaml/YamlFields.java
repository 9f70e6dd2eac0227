package io.concordat.protocol.yaml;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.protocol.policy.Decimals;
import io.concordat.protocol.policy.Ids;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Where;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The fields of one group, with typed getters. A getter that finds its field wrong adds a finding
 * and returns some value of its type, so that reading goes on and finds the rest; whoever builds
 * something from the values asks {@link #clean} first. {@link #end} reports every field that no
 * getter asked for.
 */
public final class YamlFields {
  private static final int MAX_TEXT = 1000;
  private static final String A_KEY =
      "a key ed25519:<base64url>, or ed25519:<base64url>+mldsa65:<base64url>";

  private final Findings findings;
  private final YamlNode.Mapping mapping;
  private final FieldPlaces places;

  /** A stand-in for a group that is missing: already reported, so its fields stay silent. */
  private final boolean absent;

  private final int findingsBefore;
  private final Set<String> asked = new LinkedHashSet<>();

  private YamlFields(Findings findings, String path, YamlNode.Mapping mapping, boolean absent) {
    this.findings = findings;
    this.mapping = mapping;
    this.places = new FieldPlaces(findings, path, mapping);
    this.absent = absent;
    this.findingsBefore = findings.count();
  }

  /** The outermost fields of a file. */
  public static YamlFields of(YamlNode.Mapping root, Findings findings) {
    return new YamlFields(findings, "", root, false);
  }

  /** Whether nothing was found wrong since this group was opened: its values can be used. */
  public boolean clean() {
    return !absent && findings.count() == findingsBefore;
  }

  public boolean has(String name) {
    asked.add(name);
    return mapping.members().containsKey(name);
  }

  /** Whether the field stands there and is a group of fields itself. */
  public boolean isGroup(String name) {
    return node(name).map(YamlNode.Mapping.class::isInstance).orElse(false);
  }

  /** Items of a list, readable or not; 0 for anything else. */
  public int count(String name) {
    return node(name).map(n -> n instanceof YamlNode.Sequence s ? s.items().size() : 0).orElse(0);
  }

  /** Whether the field stands there as this very word. */
  public boolean isWord(String name, String word) {
    return node(name)
        .map(n -> n instanceof YamlNode.Scalar s && s.text().equals(word))
        .orElse(false);
  }

  /** Visible text of at most a thousand characters. */
  public String string(String name) {
    return scalar(name)
        .map(s -> {
          String text = s.text();
          if (text.isBlank() || text.length() > MAX_TEXT) {
            fault(name, "expected text of 1 to " + MAX_TEXT + " characters");
          } else if (text.chars().anyMatch(Character::isISOControl)) {
            fault(name, "expected text without control characters");
          } else if (s.plain() && ScalarText.looksTyped(text)) {
            fault(name, "expected text: put " + StrictYaml.printable(text) + " in quotes");
          }
          return text;
        })
        .orElse("");
  }

  public String string(String name, String absentValue) {
    return has(name) ? string(name) : absentValue;
  }

  /** Exactly this text. */
  public void constant(String name, String wanted) {
    scalar(name)
        .filter(s -> !s.text().equals(wanted))
        .ifPresent(s -> fault(name, "expected " + wanted + ", found " + ScalarText.shown(s)));
  }

  /** An id of a-z, 0-9 and dash. */
  public String id(String name) {
    return matching(name, Ids::isId, "1 to 64 characters a-z, 0-9, -");
  }

  /** A column's or label's name. */
  public String columnName(String name) {
    return matching(name, Ids::isColumnName, "a letter, then letters, digits or _, at most 64");
  }

  private String matching(String name, java.util.function.Predicate<String> form, String expected) {
    return scalar(name)
        .map(s -> {
          if (s.plain() && ScalarText.looksTyped(s.text())) {
            fault(name, "expected text: put " + StrictYaml.printable(s.text()) + " in quotes");
          } else if (!form.test(s.text())) {
            fault(name, "expected " + expected + ", found " + ScalarText.shown(s));
          }
          return s.text();
        })
        .orElse("");
  }

  /** A plain integer from {@code min} to {@code max}. */
  public long integer(String name, long min, long max) {
    return scalar(name)
        .map(s -> {
          Optional<Long> value = ScalarText.integer(s);
          if (value.isEmpty() || value.get() < min || value.get() > max) {
            fault(
                name,
                "expected an integer from "
                    + min
                    + " to "
                    + max
                    + ", found "
                    + ScalarText.shown(s));
            return min;
          }
          return value.get();
        })
        .orElse(min);
  }

  public int smallInteger(String name, int min, int max) {
    return (int) integer(name, min, max);
  }

  public int smallInteger(String name, int min, int max, int absentValue) {
    return has(name) ? smallInteger(name, min, max) : absentValue;
  }

  public List<Integer> integers(String name, int min, int max) {
    return list(name).integers(min, max);
  }

  /**
   * An exact decimal, in quotes unless it is an integer: a bare 0.1 is a binary fraction to many a
   * program that would read the same file.
   */
  public BigDecimal decimal(String name) {
    return scalar(name).map(s -> decimal(name, s)).orElse(BigDecimal.ONE);
  }

  /** A decimal from {@code min} to {@code max}, both included. */
  public BigDecimal decimal(String name, String min, String max) {
    int before = findings.count();
    BigDecimal value = decimal(name);
    if (findings.count() == before
        && !absent
        && (value.compareTo(new BigDecimal(min)) < 0 || value.compareTo(new BigDecimal(max)) > 0)) {
      fault(name, "expected a decimal from " + min + " to " + max + ", found " + value);
    }
    return value;
  }

  public BigDecimal decimal(String name, String min, String max, String absentValue) {
    return has(name) ? decimal(name, min, max) : new BigDecimal(absentValue);
  }

  private BigDecimal decimal(String name, YamlNode.Scalar s) {
    Optional<BigDecimal> value = Decimals.parse(s.text());
    if (value.isEmpty()) {
      fault(name, "expected a decimal in quotes such as \"0.05\", found " + ScalarText.shown(s));
    } else if (s.plain() && ScalarText.integer(s).isEmpty()) {
      fault(name, "put the decimal in quotes: \"" + s.text() + "\"");
    }
    return value.orElse(BigDecimal.ONE);
  }

  /** A UTC time such as 2026-10-01T00:00:00Z. */
  public Instant instant(String name) {
    return scalar(name)
        .map(s -> {
          try {
            Instant instant = Instant.parse(s.text());
            if (instant.toString().equals(s.text())) {
              return instant;
            }
          } catch (DateTimeException e) {
            // Reported below in the same words as any other spelling.
          }
          fault(
              name,
              "expected a UTC time such as 2026-10-01T00:00:00Z, found " + ScalarText.shown(s));
          return Instant.EPOCH;
        })
        .orElse(Instant.EPOCH);
  }

  /** One of the constants, by its text form. */
  public <E extends Enum<E>> E choice(String name, Class<E> type, Function<E, String> text) {
    E[] all = type.getEnumConstants();
    return scalar(name)
        .map(s ->
            Arrays.stream(all)
                .filter(c -> text.apply(c).equals(s.text()))
                .findFirst()
                .orElseGet(() -> {
                  fault(
                      name,
                      "expected " + ScalarText.oneOf(all, text) + ", found " + ScalarText.shown(s));
                  return all[0];
                }))
        .orElse(all[0]);
  }

  public <E extends Enum<E>> E choice(
      String name, Class<E> type, Function<E, String> text, E absentValue) {
    return has(name) ? choice(name, type, text) : absentValue;
  }

  /** Some of the constants, each once. */
  public <E extends Enum<E>> List<E> choices(String name, Class<E> type, Function<E, String> text) {
    return list(name).choices(type, text);
  }

  public Digest digest(String name) {
    return decoded(
        name, Digest::parse, "sha256: and 64 hexadecimal digits", Digest.of(new byte[32]));
  }

  /** The keys of one signer, or empty if they were none and are reported. */
  public Optional<PublicKeys> key(String name) {
    return decoded(name, t -> Optional.of(PublicKeys.parse(t)), A_KEY, Optional.empty());
  }

  /** The fingerprint of an ML-DSA-65 key, or empty if it was none and is reported. */
  public Optional<Digest> quantumKey(String name) {
    return decoded(
        name,
        t -> Optional.of(PublicKeys.parseQuantum(t)),
        "mldsa65:<base64url of a fingerprint>",
        Optional.empty());
  }

  public List<PublicKeys> keys(String name) {
    return list(name).decoded(PublicKeys::parse, A_KEY);
  }

  private <T> T decoded(String name, YamlItems.Decoder<T> decoder, String expected, T otherwise) {
    return scalar(name)
        .map(s -> {
          try {
            return decoder.decode(s.text());
          } catch (DecodeException e) {
            fault(name, "expected " + expected + ", found " + ScalarText.shown(s));
            return otherwise;
          }
        })
        .orElse(otherwise);
  }

  /** A list of values as text: integers, words, quoted strings. */
  public List<String> texts(String name) {
    return list(name).texts(MAX_TEXT);
  }

  /** A list of texts that may be longer than people write them, such as keys. */
  public List<String> longTexts(String name, int longest) {
    return list(name).texts(longest);
  }

  /** A list of ids. */
  public List<String> ids(String name) {
    return list(name).ids();
  }

  /** A group of fields. */
  public YamlFields group(String name) {
    Optional<YamlNode> node = require(name);
    if (node.isPresent()) {
      if (node.get() instanceof YamlNode.Mapping m) {
        return new YamlFields(findings, places.path(name), m, false);
      }
      fault(name, "expected a group of fields, found " + node.get().kind());
    }
    return new YamlFields(findings, places.path(name), new YamlNode.Mapping(Map.of(), 0, 0), true);
  }

  public Optional<YamlFields> optionalGroup(String name) {
    return has(name) ? Optional.of(group(name)) : Optional.empty();
  }

  /** A list of groups; an empty one is refused unless the field is optional. */
  public List<YamlFields> groups(String name) {
    List<YamlFields> out = new ArrayList<>();
    List<YamlNode> items = items(name);
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof YamlNode.Mapping m) {
        out.add(new YamlFields(findings, places.path(name + "[" + i + "]"), m, false));
      } else {
        new YamlItems(findings, places.path(name), items).fault(i, "expected a group of fields");
      }
    }
    return out;
  }

  /** Reports every field that no getter asked for, with the nearest name that exists. */
  public void end() {
    places.reportUnknown(asked);
  }

  /** A finding about a field's form. */
  public void fault(String name, String detail) {
    refuse(name, Code.FILE_FIELD, detail);
  }

  /** A finding about a field's meaning. */
  public void refuse(String name, Code code, String detail) {
    if (!absent) {
      findings.add(where(name), code, detail);
    }
  }

  /** Where a field stands; where its group begins if it does not. */
  public Where where(String name) {
    return places.of(name);
  }

  /** Where an item of a list stands. */
  public Where where(String name, int index) {
    return places.of(name, index);
  }

  private YamlItems list(String name) {
    return new YamlItems(findings, places.path(name), items(name));
  }

  private List<YamlNode> items(String name) {
    Optional<YamlNode> node = require(name);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof YamlNode.Sequence sequence) {
      if (sequence.items().isEmpty()) {
        fault(name, "expected at least one item");
      }
      return sequence.items();
    }
    fault(name, "expected a list, found " + node.get().kind());
    return List.of();
  }

  private Optional<YamlNode.Scalar> scalar(String name) {
    Optional<YamlNode> node = require(name);
    if (node.isPresent()) {
      if (node.get() instanceof YamlNode.Scalar s && !(s.plain() && s.text().isEmpty())) {
        return Optional.of(s);
      }
      fault(name, "expected a value, found " + node.get().kind());
    }
    return Optional.empty();
  }

  private Optional<YamlNode> require(String name) {
    Optional<YamlNode> node = node(name);
    if (node.isEmpty()) {
      fault(name, "is missing");
    }
    return node;
  }

  private Optional<YamlNode> node(String name) {
    asked.add(name);
    return Optional.ofNullable(mapping.members().get(name)).map(YamlNode.Member::value);
  }
}
