package io.concordat.protocol.policy;

import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A consortium for tests: its keys follow from the institutions' names, so they can be made again.
 */
public final class PolicyFixture {
  public static final List<String> INSTITUTIONS =
      List.of("cleveland", "budapest", "zurich-basel", "long-beach");

  private PolicyFixture() {}

  public static SigningKey policyKey(String institution) {
    return key("policy " + institution);
  }

  public static SigningKey nodeKey(String institution) {
    return key("node " + institution);
  }

  private static SigningKey key(String label) {
    return SigningKey.fromSeed(Digests.sha256(label.getBytes(StandardCharsets.US_ASCII)).bytes());
  }

  /** Four institutions in all roles, t = 3, f = 1, dataset heart under a cap, cells without one. */
  public static Policy four() {
    return of(INSTITUTIONS, 3, 1);
  }

  /** Institutions in all roles. */
  public static Policy of(List<String> ids, int threshold, int maxCorrupt) {
    List<Institution> institutions = new ArrayList<>();
    for (String id : ids) {
      institutions.add(
          new Institution(
              id,
              "Hospital " + id,
              List.of(policyKey(id).verifyingKey()),
              nodeKey(id).verifyingKey(),
              EnumSet.allOf(Role.class)));
    }
    int quorum = (ids.size() + maxCorrupt) / 2 + 1;
    return new Policy(
        Digests.sha256("policy of a test".getBytes(StandardCharsets.US_ASCII)),
        "cardio",
        1,
        Optional.empty(),
        Instant.parse("2026-11-01T00:00:00Z"),
        Instant.parse("2027-11-01T00:00:00Z"),
        institutions,
        ids.size() / 2 + 1,
        new KeyHolders(ids, threshold, maxCorrupt),
        new Encryption(16, Optional.empty()),
        new Cohort(3, 1, 20),
        new LogTerms("concordat.test/log", List.of("concordat.test/log+0+key"), quorum),
        List.of(heart(), cells()),
        List.of(
            new AnalysisGrant.Statistics(5),
            new AnalysisGrant.Train(Set.of("logistic", "mlp"), 100_000, 200)),
        List.of(),
        new Approval(Approval.Mode.AUTOMATIC, Approval.Mode.AUTOMATIC),
        List.of(),
        new Limits(1 << 29, 20));
  }

  public static Dataset heart() {
    return new Dataset(
        "heart",
        Dataset.ROW,
        400,
        new Holdout.ByColumn("split", List.of("test")),
        List.of(
            number("age", "0", "120", "55", "10"),
            category("sex", "0", "1"),
            category("cp", "1", "2", "3", "4"),
            number("trestbps", "0", "300", "130", "20"),
            number("chol", "0", "700", "240", "50"),
            category("fbs", "0", "1"),
            category("restecg", "0", "1", "2"),
            number("thalach", "40", "250", "150", "25"),
            category("exang", "0", "1"),
            number("oldpeak", "-5", "10", "1", "1"),
            category("num", "0", "1", "2", "3", "4"),
            category("split", "train", "test")),
        List.of(new Label("disease", "num", List.of("1", "2", "3", "4"))),
        new Privacy.Cap(new BigDecimal("8.0"), new BigDecimal("1e-5"), new BigDecimal("2.0")),
        List.of());
  }

  public static Dataset cells() {
    return new Dataset(
        "cells",
        Dataset.ROW,
        400,
        new Holdout.Fraction(new BigDecimal("0.2")),
        List.of(
            number("radius", "0", "40", "14", "4"),
            number("texture", "0", "50", "19", "4"),
            category("diagnosis", "benign", "malignant")),
        List.of(new Label("malignant", "diagnosis", List.of("malignant"))),
        new Privacy.None(),
        List.of());
  }

  private static Column number(String name, String min, String max, String center, String scale) {
    return new Column.Number(
        name,
        new BigDecimal(min),
        new BigDecimal(max),
        new BigDecimal(center),
        new BigDecimal(scale),
        "",
        Column.MissingRule.DROP_ROW);
  }

  private static Column category(String name, String... values) {
    return new Column.Category(name, Arrays.asList(values), Column.MissingRule.DROP_ROW);
  }

  public static VerifyingKey nodeVerifyingKey(String institution) {
    return nodeKey(institution).verifyingKey();
  }

  /** The same, with the noise of every job on a capped dataset measured. */
  public static Policy attested(Policy p) {
    return new Policy(
        p.digest(),
        p.federation(),
        p.version(),
        p.previous(),
        p.notBefore(),
        p.expires(),
        p.institutions(),
        p.policyThreshold(),
        p.keyHolders(),
        p.encryption(),
        p.cohort(),
        p.log(),
        p.datasets().stream().map(PolicyFixture::attested).toList(),
        p.analyses(),
        p.templates(),
        p.approval(),
        p.people(),
        p.limits());
  }

  private static Dataset attested(Dataset d) {
    return d.cap()
        .map(cap ->
            new Dataset(
                d.id(),
                d.person(),
                d.maxPatientsPerSilo(),
                d.holdout(),
                d.columns(),
                d.labels(),
                new Privacy.Cap(
                    cap.epsilonCap(), cap.delta(), cap.perJobMax(), Privacy.Attestation.REQUIRED),
                d.filters()))
        .orElse(d);
  }
}
