package io.concordat.compliancedocs;

import io.concordat.crypto.box.BoxLength;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.rlwe.Fingerprint;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.crypto.share.KeyShares;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** The tables of the cryptography statement, computed from the classes that encrypt. */
final class ParameterTables {
  private static final List<Integer> COHORTS = List.of(4, 16, 100, 500);
  private static final int EXAMPLE_BITS = 16;
  private static final List<Long> EXAMPLE_VALUES = List.of(14L, 1_000L, 100_000L, 10_000_000L);

  private ParameterTables() {}

  /** All of them, in the order of the document. */
  static String all() {
    return "**Parameter sets for real data**\n\n"
        + sets()
        + "\n**Their primes** (q is the product; each p = 1 mod 2N, largest first)\n\n"
        + primes()
        + "\n**What follows from cohort and width** (values of "
        + EXAMPLE_BITS
        + " bits)\n\n"
        + layouts()
        + "\n**Sizes of what travels, in bytes**\n\n"
        + objects()
        + "\n**A contribution's ciphertext, in bytes** (values of "
        + EXAMPLE_BITS
        + " bits, largest cohort 16, head included)\n\n"
        + contributions()
        + "\n**Sets for tests, insecure on purpose and refused by the policy reader**\n\n"
        + testSets();
  }

  private static String sets() {
    MarkdownTable table =
        new MarkdownTable(
            "set",
            "ring degree N",
            "primes",
            "bits of q",
            "most bits of q for 128-bit security, classical / quantum",
            "below the stricter limit by",
            "cheapest known attack, classical / quantum");
    for (SecurityLevel level : SecurityLevel.ALL) {
      ParameterSet set = level.set();
      table.row(
          code(set.id()),
          set.ringDegree(),
          set.primeCount(),
          set.modulusBits(),
          level.classicalLimit() + " / " + level.quantumLimit(),
          level.marginPercent() + " %",
          "2^" + level.classicalCost() + " / 2^" + level.quantumCost());
    }
    return table.toString();
  }

  private static String primes() {
    MarkdownTable table = new MarkdownTable("set", "index", "prime", "bits");
    for (ParameterSet set : production()) {
      for (int i = 0; i < set.primeCount(); i++) {
        long p = set.primes().get(i).value();
        table.row(code(set.id()), i, p, Long.SIZE - Long.numberOfLeadingZeros(p));
      }
    }
    return table.toString();
  }

  private static String layouts() {
    MarkdownTable table =
        new MarkdownTable(
            "set",
            "largest cohort",
            "log2 of the scale",
            "slot width, bits",
            "slots a coefficient",
            "values a full block",
            "bits on the wire a value",
            "coefficients of the check block");
    for (ParameterSet set : production()) {
      for (int cohort : COHORTS) {
        Layout layout = new Layout(set, 1, EXAMPLE_BITS, cohort);
        BigDecimal bits =
            BigDecimal.valueOf((long) Layout.WORD_BITS * set.primeCount())
                .divide(BigDecimal.valueOf(layout.slots()), 1, RoundingMode.HALF_UP);
        table.row(
            code(set.id()),
            cohort,
            layout.logScale(),
            layout.slotWidth(),
            layout.slots(),
            layout.valuesOfFullBlock(),
            bits,
            layout.checkRows());
      }
    }
    return table.toString();
  }

  private static String objects() {
    List<ParameterSet> sets = production();
    MarkdownTable table = withSets("object");
    row(table, "share of a round key", sets.stream().map(s -> 2L * s.ringDegree()).toList());
    row(
        table,
        "box with one share (kind 2)",
        sets.stream().map(s -> (long) BoxLength.ofShare(2 * s.ringDegree())).toList());
    row(
        table,
        "key sum of one holder (kind 3)",
        sets.stream().map(s -> (long) KeyShares.objectBytes(s.ringDegree())).toList());
    row(
        table,
        "fingerprint of one silo",
        sets.stream().map(s -> (long) Fingerprint.encodedBytes(s)).toList());
    row(
        table,
        "check block",
        sets.stream()
            .map(s -> (long) new Layout(s, 1, 2, Layout.MAX_COHORT).blockBytes(Layout.CHECK_BLOCK))
            .toList());
    return table.toString();
  }

  private static String contributions() {
    MarkdownTable table = withSets("values");
    for (long values : EXAMPLE_VALUES) {
      row(
          table,
          Long.toString(values),
          production().stream()
              .map(s -> BulkHead.BYTES + new Layout(s, values, EXAMPLE_BITS, 16).ciphertextBytes())
              .toList());
    }
    return table.toString();
  }

  private static String testSets() {
    MarkdownTable table = new MarkdownTable("set", "ring degree N", "primes", "bits of q");
    ParameterSet.all().stream()
        .filter(set -> !set.production())
        .forEach(set ->
            table.row(code(set.id()), set.ringDegree(), set.primeCount(), set.modulusBits()));
    return table.toString();
  }

  private static MarkdownTable withSets(String first) {
    List<String> head = new ArrayList<>(List.of(first));
    production().forEach(set -> head.add(code(set.id())));
    return new MarkdownTable(head.toArray(String[]::new));
  }

  private static void row(MarkdownTable table, String name, List<Long> figures) {
    List<Object> cells = new ArrayList<>(List.of(name));
    cells.addAll(figures);
    table.row(cells.toArray());
  }

  private static List<ParameterSet> production() {
    return SecurityLevel.ALL.stream().map(SecurityLevel::set).toList();
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
