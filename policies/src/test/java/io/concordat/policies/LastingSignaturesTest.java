package io.concordat.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.MlDsaSignature;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.statement.LastingForm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * A policy that names ML-DSA keys beside the Ed25519 ones: three of four have to sign with both.
 */
class LastingSignaturesTest {
  private static final byte[] POLICY =
      ExamplesTest.demoPolicy(Instant.parse("2026-11-22T00:00:00Z"));
  private static final List<String> SIGNERS = List.of("cleveland", "zurich-basel", "long-beach");

  /** What stands in the signature file for one institution. */
  private record Entry(SigningKey as, byte[] classic, Optional<MlDsaSignature> lasting) {
    static Entry honest(String institution) {
      SigningKey key = ExamplesTest.signingKey("policy " + institution);
      return new Entry(
          key, key.sign(PolicySignatures.DOMAIN, POLICY), Optional.of(mlDsa(key, POLICY)));
    }

    Entry with(Optional<MlDsaSignature> other) {
      return new Entry(as, classic, other);
    }

    Entry withClassic(byte[] other) {
      return new Entry(as, other, lasting);
    }
  }

  private static MlDsaSignature mlDsa(SigningKey key, byte[] file) {
    return key.mlDsa(MlDsaKey.Level.ML_DSA_65).sign(PolicySignatures.DOMAIN, file);
  }

  @Test
  void bothSignaturesOfEachMakeAPolicyValid() {
    assertThat(codes(SIGNERS.stream().map(Entry::honest).toList())).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> mutantsOfOneSignerAreRefused() throws DecodeException {
    Entry honest = Entry.honest("cleveland");
    MlDsaSignature good = honest.lasting().orElseThrow();
    SigningKey other = ExamplesTest.signingKey("policy budapest");
    Map<String, Entry> tooFew = new TreeMap<>();
    tooFew.put("the ML-DSA signature is missing", honest.with(Optional.empty()));
    tooFew.put(
        "an ML-DSA signature by a key of nobody",
        honest.with(Optional.of(mlDsa(ExamplesTest.signingKey("stranger"), POLICY))));
    tooFew.put(
        "an ML-DSA signature by the node's key",
        honest.with(Optional.of(mlDsa(ExamplesTest.signingKey("node cleveland"), POLICY))));
    tooFew.put(
        "the ML-DSA signature of an institution that did not sign with Ed25519",
        honest.with(Optional.of(mlDsa(other, POLICY))));
    tooFew.put(
        "the ML-DSA signature of another signer, counted a second time",
        honest.with(Entry.honest("long-beach").lasting()));
    Map<String, Entry> invalid = new TreeMap<>();
    for (int at = 0; at < 3309; at += 1103) {
      byte[] bytes = good.bytes();
      bytes[at] ^= 1;
      invalid.put(
          "byte " + at + " of the ML-DSA signature altered",
          honest.with(Optional.of(MlDsaSignature.of(good.key().bytes(), bytes))));
    }
    byte[] key = good.key().bytes();
    key[100] ^= 1;
    invalid.put(
        "the ML-DSA key altered", honest.with(Optional.of(MlDsaSignature.of(key, good.bytes()))));
    invalid.put(
        "an ML-DSA signature over other bytes",
        honest.with(Optional.of(mlDsa(honest.as(), new byte[] {1}))));
    invalid.put(
        "an ML-DSA signature under another domain",
        honest.with(
            Optional.of(
                honest.as().mlDsa(MlDsaKey.Level.ML_DSA_65).sign("concordat/job/1", POLICY))));
    byte[] flipped = honest.classic().clone();
    flipped[9] ^= 1;
    invalid.put("the Ed25519 signature altered", honest.withClassic(flipped));
    invalid.put("the Ed25519 signature of zeros", honest.withClassic(new byte[64]));
    return Stream.concat(
        tooFew.entrySet().stream().map(m -> mutant(m, Code.POLICY_SIGNATURES)),
        invalid.entrySet().stream().map(m -> mutant(m, Code.POLICY_SIGNATURE_INVALID)));
  }

  private static DynamicTest mutant(Map.Entry<String, Entry> mutant, Code code) {
    return DynamicTest.dynamicTest(
        mutant.getKey(),
        () ->
            assertThat(
                    codes(
                        List.of(
                            mutant.getValue(),
                            Entry.honest("zurich-basel"),
                            Entry.honest("long-beach"))))
                .contains(code));
  }

  @Test
  void aKeyStandsBesideOneKeyOnly() {
    String twice = twiceNamed("policy cleveland", "policy budapest");
    assertThat(readCodes(twice)).containsExactly(Code.POLICY_DUPLICATE);
    assertThat(readCodes(twiceNamed("policy cleveland", "node cleveland")))
        .containsExactly(Code.POLICY_DUPLICATE);
  }

  /** The first key's ML-DSA half also beside the second key. */
  private static String twiceNamed(String first, String second) {
    String half = ExamplesTest.pair(first).replaceFirst("^[^+]*", "");
    String text = new String(POLICY, StandardCharsets.UTF_8);
    return text.replace(ExamplesTest.pair(second), ExamplesTest.key(second) + half);
  }

  private static List<Code> readCodes(String text) {
    return PolicyReader.read("policy.yaml", text.getBytes(StandardCharsets.UTF_8))
        .refusals()
        .stream()
        .map(Refusal::code)
        .toList();
  }

  @Test
  void aVersionThatBringsMlDsaNeedsItAndTheOneBeforeDoesNot() throws RefusedException {
    String plain = new String(POLICY, StandardCharsets.UTF_8);
    for (String id : List.of("cleveland", "budapest", "zurich-basel", "long-beach")) {
      plain =
          plain.replace(
              ExamplesTest.pair("policy " + id), ExamplesTest.key("policy " + id).toString());
    }
    byte[] one = plain.getBytes(StandardCharsets.UTF_8);
    byte[] two =
        new String(POLICY, StandardCharsets.UTF_8)
            .replace("version: 1\n", "version: 2\npreviousSha256: " + Digests.sha256(one) + "\n")
            .getBytes(StandardCharsets.UTF_8);
    PolicyChain chain =
        PolicyChain.start(signed(one, classicOnly(one)), Digests.sha256(one)).orThrow();
    assertThat(chain.next(signed(two, classicOnly(two))).refusals())
        .extracting(Refusal::code)
        .containsExactly(Code.POLICY_SIGNATURES);
    PolicySignatures both = PolicySignatures.none(two);
    for (String id : SIGNERS) {
      both = both.sign(two, ExamplesTest.signingKey("policy " + id));
    }
    assertThat(chain.next(signed(two, both)).refusals()).isEmpty();
  }

  private static PolicySignatures classicOnly(byte[] file) {
    return file(
        file,
        SIGNERS.stream()
            .map(id -> ExamplesTest.signingKey("policy " + id))
            .map(k -> new Entry(k, k.sign(PolicySignatures.DOMAIN, file), Optional.empty()))
            .toList());
  }

  private static List<Code> codes(List<Entry> entries) {
    return PolicyChain.start(signed(POLICY, file(POLICY, entries)), Digests.sha256(POLICY))
        .refusals()
        .stream()
        .map(Refusal::code)
        .toList();
  }

  private static SignedPolicy signed(byte[] file, PolicySignatures signatures) {
    Outcome<SignedPolicy> read = SignedPolicy.read("policy.yaml", file, signatures);
    if (read instanceof Outcome.Accepted<SignedPolicy>(SignedPolicy signed)) {
      return signed;
    }
    throw new AssertionError(read.refusals());
  }

  private static PolicySignatures file(byte[] policy, List<Entry> entries) {
    List<JsonObject> out = new ArrayList<>();
    for (Entry entry : entries) {
      JsonObject.Builder one =
          JsonObject.builder()
              .put("key", entry.as().verifyingKey().toString())
              .put("signature", entry.classic());
      entry.lasting().ifPresent(s -> one.put("mldsa", LastingForm.json(s)));
      out.add(one.build());
    }
    try {
      return PolicySignatures.read(
          JsonObject.builder()
              .put("schema", "policy.sig/1")
              .put("policy", Digests.sha256(policy).toString())
              .put("signatures", out)
              .bytes());
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }
}
