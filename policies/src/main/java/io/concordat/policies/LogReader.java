package io.concordat.policies;

import io.concordat.audit.LogFormatException;
import io.concordat.audit.note.NoteKey;
import io.concordat.audit.note.SignatureType;
import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.policy.LogTerms;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.yaml.Findings;
import io.concordat.protocol.yaml.YamlFields;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The part of a policy that names the log and its keys. */
final class LogReader {
  /** A key line of ML-DSA-44 has about 1,800 characters beside its name. */
  private static final int MAX_KEY_LINE = 2_000;

  private final Findings findings;

  LogReader(Findings findings) {
    this.findings = findings;
  }

  Optional<LogTerms> log(YamlFields f) {
    String origin = f.string("origin");
    List<String> keys = f.longTexts("keys", MAX_KEY_LINE);
    int witnessQuorum = f.smallInteger("witnessQuorum", 1, 1000);
    Optional<Digest> releaseKey =
        f.has("releaseKey") ? f.quantumKey("releaseKey") : Optional.empty();
    f.end();
    if (!LogTerms.isOrigin(origin) && f.clean()) {
      f.fault("origin", "expected 1 to 128 visible ASCII characters without +");
    }
    Set<String> seen = new HashSet<>();
    Set<SignatureType> types = EnumSet.noneOf(SignatureType.class);
    for (int i = 0; i < keys.size(); i++) {
      try {
        NoteKey key = NoteKey.parse(keys.get(i));
        if (!key.name().equals(origin)) {
          findings.add(f.where("keys", i), Code.POLICY_REFERENCE, "is not a key named " + origin);
        } else if (!types.add(key.type())) {
          // The log signs with one key of a kind; a second one could be nobody's or somebody's.
          findings.add(
              f.where("keys", i), Code.POLICY_DUPLICATE, "is a second key of its algorithm");
        }
      } catch (LogFormatException e) {
        findings.add(f.where("keys", i), Code.FILE_FIELD, "expected a key line name+hex+base64");
      }
      if (!seen.add(keys.get(i))) {
        findings.add(f.where("keys", i), Code.POLICY_DUPLICATE, "this key stands twice");
      }
    }
    return f.clean()
        ? Optional.of(new LogTerms(origin, keys, witnessQuorum, releaseKey))
        : Optional.empty();
  }
}
