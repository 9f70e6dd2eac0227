package io.concordat.protocol.plan;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureType;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.privacy.budget.RenyiFilter;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.policy.Approval;
import io.concordat.protocol.policy.Dataset;
import io.concordat.protocol.policy.Institution;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.policy.Role;
import io.concordat.protocol.policy.Template;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.refusal.Where;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/** Reduces a policy to the rules by which replay and the machines decide. */
public final class RulesOfPolicy {
  private static final int UNIT_DIGITS = 9;

  private RulesOfPolicy() {}

  /**
   * The rules of a policy that was read and checked.
   *
   * @throws RefusedException if the log's keys hold no Ed25519 key under the log's origin
   */
  public static FederationRules of(Policy policy) throws RefusedException {
    Map<String, FederationRules.Institution> institutions = new TreeMap<>();
    for (Institution institution : policy.institutions()) {
      institutions.put(
          institution.id(),
          new FederationRules.Institution(
              institution.nodeKey(),
              institution.policyKeys(),
              institution.is(Role.SILO),
              institution.named(institution.nodeKey()).quantum()));
    }
    Map<String, FederationRules.DatasetRules> datasets = new TreeMap<>();
    for (Dataset dataset : policy.datasets()) {
      datasets.put(
          dataset.id(), new FederationRules.DatasetRules(dataset.budgetScope(), cap(dataset)));
    }
    return new FederationRules(
        policy.federation(),
        policy.version(),
        policy.digest(),
        policy.notBefore(),
        policy.expires(),
        aggregatorKey(policy),
        policy.log().origin(),
        institutions,
        policy.keyHolders().members(),
        policy.keyHolders().threshold(),
        policy.keyHolders().maxCorrupt(),
        policy.withRole(Role.WITNESS).stream().map(Institution::id).toList(),
        policy.log().witnessQuorum(),
        policy.policyThreshold(),
        policy.cohort().minContributors(),
        policy.cohort().maxColluding(),
        policy.encryption().maxCohort(),
        policy.approval().jobs() == Approval.Mode.MANUAL,
        policy.approval().releases() == Approval.Mode.MANUAL,
        Set.copyOf(policy.templates().stream().map(Template::digest).toList()),
        datasets,
        new FederationRules.Lasting(quantumLogKey(policy), policy.log().releaseKey()));
  }

  private static Optional<NoteKey> quantumLogKey(Policy policy) throws RefusedException {
    for (String line : policy.log().keys()) {
      NoteKey key = keyLine(line);
      if (key.type() == SignatureType.ML_DSA_44_SUBTREE) {
        return Optional.of(key);
      }
    }
    return Optional.empty();
  }

  private static NoteKey keyLine(String line) throws RefusedException {
    try {
      return NoteKey.parse(line);
    } catch (LogFormatException bad) {
      throw noKeyLine(line, bad);
    }
  }

  private static RefusedException noKeyLine(String line, Exception bad) {
    return new RefusedException(
        Refusal.at(
            Where.field("log.keys"),
            Code.POLICY_REFERENCE,
            line + " is no key line: " + bad.getMessage()));
  }

  /** Rounded down, as prices are rounded up: what fits here fits in real numbers. */
  private static OptionalLong cap(Dataset dataset) {
    return dataset
        .cap()
        .map(cap ->
            OptionalLong.of(floorUnits(RenyiFilter.forCap(cap.epsilonCap(), cap.delta()).rhoMax())))
        .orElse(OptionalLong.empty());
  }

  private static long floorUnits(BigDecimal rho) {
    return rho.movePointRight(UNIT_DIGITS).setScale(0, RoundingMode.FLOOR).longValueExact();
  }

  private static VerifyingKey aggregatorKey(Policy policy) throws RefusedException {
    for (String line : policy.log().keys()) {
      NoteKey key = keyLine(line);
      if (key.type() == SignatureType.ED25519 && key.name().equals(policy.log().origin())) {
        try {
          return VerifyingKey.of(key.publicKey());
        } catch (DecodeException bad) {
          throw noKeyLine(line, bad);
        }
      }
    }
    throw new RefusedException(
        Refusal.at(
            Where.field("log.keys"),
            Code.POLICY_REFERENCE,
            "none of them is an Ed25519 key named " + policy.log().origin()));
  }
}
