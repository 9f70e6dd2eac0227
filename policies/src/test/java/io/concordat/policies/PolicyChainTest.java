package io.concordat.policies;

import static io.concordat.policies.TwoVersions.BOTH;
import static io.concordat.policies.TwoVersions.NOW;
import static io.concordat.policies.TwoVersions.ONE;
import static io.concordat.policies.TwoVersions.TWO;
import static io.concordat.policies.TwoVersions.nodeKeys;
import static io.concordat.policies.TwoVersions.other;
import static io.concordat.policies.TwoVersions.policyKeys;
import static io.concordat.policies.TwoVersions.read;
import static io.concordat.policies.TwoVersions.renumbered;
import static io.concordat.policies.TwoVersions.replaced;
import static io.concordat.policies.TwoVersions.sign;
import static io.concordat.policies.TwoVersions.signed;
import static io.concordat.policies.TwoVersions.signedBy;
import static io.concordat.policies.TwoVersions.text;
import static io.concordat.policies.TwoVersions.withPrevious;
import static io.concordat.policies.TwoVersions.withSignature;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Outcome;
import io.concordat.protocol.refusal.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Four institutions, threshold three; version 2 lets budapest go and takes vienna in. */
class PolicyChainTest {
  @Test
  void aChainSignedUnderBothThresholdsIsFollowed() throws Exception {
    PolicyChain chain = start().orThrow();
    assertThat(chain.newest().signers(chain.newest().policy())).hasSize(3);
    PolicyChain longer = chain.next(signed(TWO, BOTH)).orThrow();
    assertThat(longer.versions()).hasSize(2);
    assertThat(longer.inForce(NOW).orThrow().institution("vienna")).isPresent();
    assertThat(longer.byDigest(Digests.sha256(ONE))).isPresent();
    assertThat(
            PolicyChain.of(List.of(signed(ONE, BOTH), signed(TWO, BOTH)), Digests.sha256(ONE))
                .refusals())
        .isEmpty();
  }

  @Test
  void expiryIsAskedOfTheNewestVersionOnly() throws Exception {
    byte[] expired = ExamplesTest.demoPolicy(NOW.minusSeconds(400L * 86_400));
    Digest pinned = Digests.sha256(expired);
    PolicyChain chain = PolicyChain.start(signed(expired, BOTH), pinned).orThrow();
    assertThat(chain.inForce(NOW).refusals())
        .extracting(Refusal::code)
        .containsExactly(Code.POLICY_EXPIRED);
    byte[] renewed =
        text(ONE)
            .replace("version: 1\n", "version: 2\npreviousSha256: " + pinned + "\n")
            .getBytes(StandardCharsets.UTF_8);
    assertThat(chain.next(signed(renewed, BOTH)).orThrow().inForce(NOW).refusals()).isEmpty();
  }

  /** Mutants of a valid chain; each is refused with its own code. */
  @TestFactory
  Stream<DynamicTest> mutantsAreRefused() {
    Map<String, Mutant> mutants = new TreeMap<>();
    // Signers: too few of the one or of the other version, or counted twice.
    mutants.put("nobody signs", next(TWO, Code.POLICY_SIGNATURES));
    mutants.put("two of three sign", next(TWO, Code.POLICY_SIGNATURES, "cleveland", "long-beach"));
    mutants.put(
        "three of the old, two of the new",
        next(TWO, Code.POLICY_SIGNATURES, "cleveland", "budapest", "long-beach"));
    mutants.put(
        "three of the new, two of the old",
        next(TWO, Code.POLICY_SIGNATURES, "cleveland", "vienna", "long-beach"));
    mutants.put(
        "only who comes and who goes", next(TWO, Code.POLICY_SIGNATURES, "vienna", "budapest"));
    mutants.put(
        "a stranger makes the third",
        next(TWO, Code.POLICY_SIGNATURE_STRANGER, "cleveland", "long-beach", "graz"));
    mutants.put(
        "a stranger beside enough signers",
        next(
            TWO,
            Code.POLICY_SIGNATURE_STRANGER,
            "cleveland",
            "zurich-basel",
            "long-beach",
            "graz"));
    mutants.put(
        "node keys sign",
        nextBy(
            TWO,
            Code.POLICY_SIGNATURE_STRANGER,
            nodeKeys("cleveland", "zurich-basel", "long-beach")));
    mutants.put("two keys of one institution count once", twoKeysOfOne());
    // Signatures that do not hold.
    for (int bit = 0; bit < 512; bit += 73) {
      mutants.put("bit " + bit + " of a signature flipped", flippedSignature(bit));
    }
    mutants.put("signatures of version 1 beside version 2", borrowedSignatures(ONE, TWO));
    mutants.put("signed under another domain", otherDomain());
    mutants.put("one signature under another's key", swappedSignatures());
    // Altered bytes of the signed file, wherever they are.
    for (int at = 0; at < TWO.length; at += TWO.length / 12) {
      mutants.put("byte " + at + " of the file altered", alteredByte(at));
    }
    mutants.put("a trailing blank line", appended("\n"));
    mutants.put("a trailing comment", appended("# harmless\n"));
    // Order of versions.
    mutants.put("the same version again", next(ONE, Code.POLICY_VERSION, BOTH));
    mutants.put("a version skipped", next(renumbered(3), Code.POLICY_VERSION, BOTH));
    mutants.put("far forward", next(renumbered(1_000_000), Code.POLICY_VERSION, BOTH));
    mutants.put("another version 1", next(other(ONE), Code.POLICY_VERSION, BOTH));
    mutants.put(
        "names another predecessor",
        next(withPrevious(Digests.sha256(new byte[0])), Code.POLICY_VERSION, BOTH));
    mutants.put(
        "names itself a predecessor of zeros",
        next(withPrevious(Digest.of(new byte[32])), Code.POLICY_VERSION, BOTH));
    mutants.put("rollback after version 2", rollback());
    mutants.put("a fork of version 2 after version 2", fork());
    mutants.put(
        "another federation",
        next(
            replaced("federation: cardio-demo", "federation: cardio"),
            Code.POLICY_FEDERATION,
            BOTH));
    // Starts.
    mutants.put(
        "start at another digest",
        () ->
            PolicyChain.start(signed(ONE, BOTH), Digests.sha256(TWO)).refusals().getFirst().code()
                == Code.POLICY_MISMATCH);
    mutants.put(
        "start without signatures",
        () ->
            codes(PolicyChain.start(signed(ONE), Digests.sha256(ONE)))
                .contains(Code.POLICY_SIGNATURES));
    mutants.put(
        "start with two signers",
        () ->
            codes(PolicyChain.start(signed(ONE, "cleveland", "budapest"), Digests.sha256(ONE)))
                .contains(Code.POLICY_SIGNATURES));
    mutants.put(
        "empty chain",
        () -> codes(PolicyChain.of(List.of(), Digests.sha256(ONE))).contains(Code.POLICY_VERSION));
    mutants.put(
        "chain in the wrong order",
        () ->
            codes(
                    PolicyChain.of(
                        List.of(signed(TWO, BOTH), signed(ONE, BOTH)), Digests.sha256(TWO)))
                .contains(Code.POLICY_VERSION));
    assertThat(mutants).hasSizeGreaterThanOrEqualTo(40);
    return mutants.entrySet().stream()
        .map(m ->
            DynamicTest.dynamicTest(m.getKey(), () -> assertThat(m.getValue().get()).isTrue()));
  }

  private interface Mutant extends Supplier<Boolean> {}

  private static Mutant next(byte[] file, Code code, String... signers) {
    return () -> codes(start().then(c -> c.next(signed(file, signers)))).contains(code);
  }

  private static Mutant nextBy(byte[] file, Code code, List<SigningKey> keys) {
    return () -> codes(start().then(c -> c.next(signedBy(file, keys)))).contains(code);
  }

  private static Mutant twoKeysOfOne() {
    return () -> {
      // Cleveland gets a second officer in version 2; both sign, with one other institution.
      String deputy = ExamplesTest.pair("deputy cleveland");
      String first = ExamplesTest.pair("policy cleveland");
      byte[] file =
          text(TWO)
              .replace("[\"" + first + "\"]", "[\"" + first + "\", \"" + deputy + "\"]")
              .getBytes(StandardCharsets.UTF_8);
      List<SigningKey> keys = policyKeys("cleveland", "long-beach");
      keys.add(ExamplesTest.signingKey("deputy cleveland"));
      return codes(start().then(c -> c.next(signedBy(file, keys))))
          .equals(List.of(Code.POLICY_SIGNATURES, Code.POLICY_SIGNATURES));
    };
  }

  private static Mutant flippedSignature(int bit) {
    return () -> {
      byte[] signature =
          ExamplesTest.signingKey("policy cleveland").sign(PolicySignatures.DOMAIN, TWO);
      signature[bit / 8] ^= (byte) (1 << bit % 8);
      return codes(
              start()
                  .then(c ->
                      c.next(
                          read(
                              TWO,
                              withSignature(
                                  TWO, "cleveland", signature, "zurich-basel", "long-beach")))))
          .contains(Code.POLICY_SIGNATURE_INVALID);
    };
  }

  private static Mutant otherDomain() {
    return () -> {
      byte[] signature = ExamplesTest.signingKey("policy cleveland").sign("concordat/job/1", TWO);
      PolicySignatures signatures =
          withSignature(TWO, "cleveland", signature, "zurich-basel", "long-beach");
      return codes(start().then(c -> c.next(read(TWO, signatures))))
          .contains(Code.POLICY_SIGNATURE_INVALID);
    };
  }

  private static Mutant swappedSignatures() {
    return () -> {
      byte[] signature =
          ExamplesTest.signingKey("policy long-beach").sign(PolicySignatures.DOMAIN, TWO);
      PolicySignatures signatures =
          withSignature(TWO, "cleveland", signature, "zurich-basel", "long-beach");
      return codes(start().then(c -> c.next(read(TWO, signatures))))
          .contains(Code.POLICY_SIGNATURE_INVALID);
    };
  }

  private static Mutant borrowedSignatures(byte[] of, byte[] beside) {
    return () ->
        codes(SignedPolicy.read("f", beside, sign(of, policyKeys(BOTH))))
            .contains(Code.POLICY_MISMATCH);
  }

  /** The signature file is made to name the altered file, as an attacker would. */
  private static Mutant alteredByte(int at) {
    return () -> {
      byte[] altered = TWO.clone();
      altered[at] ^= 1;
      return refusedWithOldSignatures(altered);
    };
  }

  private static Mutant appended(String text) {
    return () -> refusedWithOldSignatures((text(TWO) + text).getBytes(StandardCharsets.UTF_8));
  }

  private static boolean refusedWithOldSignatures(byte[] altered) {
    try {
      JsonObject old = CanonicalJson.readObject(sign(TWO, policyKeys(BOTH)).write());
      byte[] forged =
          JsonObject.builder()
              .put("schema", old.string("schema"))
              .put("policy", Digests.sha256(altered).toString())
              .put("signatures", old.objects("signatures"))
              .bytes();
      PolicySignatures signatures = PolicySignatures.read(forged);
      return !start()
          .then(c -> SignedPolicy.read("f", altered, signatures).then(c::next))
          .refusals()
          .isEmpty();
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }

  private static Mutant rollback() {
    return () ->
        codes(start().then(c -> c.next(signed(TWO, BOTH))).then(c -> c.next(signed(ONE, BOTH))))
            .contains(Code.POLICY_VERSION);
  }

  private static Mutant fork() {
    return () ->
        codes(
                start()
                    .then(c -> c.next(signed(TWO, BOTH)))
                    .then(c -> c.next(signed(other(TWO), BOTH))))
            .contains(Code.POLICY_VERSION);
  }

  @Test
  void signatureFilesAreReadStrictlyAndMerge() throws Exception {
    PolicySignatures a = sign(ONE, policyKeys("cleveland"));
    PolicySignatures b = sign(ONE, policyKeys("budapest", "cleveland"));
    PolicySignatures both = a.merge(b);
    assertThat(both.keys()).hasSize(2);
    assertThat(PolicySignatures.read(both.write())).isEqualTo(both);
    assertThatThrownBy(() -> a.merge(sign(TWO, policyKeys("cleveland"))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> a.sign(TWO, ExamplesTest.signingKey("policy budapest")))
        .isInstanceOf(IllegalArgumentException.class);
    String text = new String(a.write(), StandardCharsets.UTF_8);
    String entry = text.substring(text.indexOf("[") + 1, text.indexOf("]"));
    for (String broken :
        List.of(
            "{}",
            text.replace("policy.sig/1", "policy.sig/2"),
            text.replace("{\"key\"", "{\"extra\":1,\"key\""),
            text.replace("[" + entry, "[" + entry + "," + entry),
            text.replace("ed25519:", "ed25519"),
            text.replace("\"signature\":\"", "\"signature\":\"AA"))) {
      assertThatThrownBy(() -> PolicySignatures.read(broken.getBytes(StandardCharsets.UTF_8)))
          .as(broken)
          .isInstanceOf(DecodeException.class);
    }
  }

  private static Outcome<PolicyChain> start() {
    return PolicyChain.start(signed(ONE, BOTH), Digests.sha256(ONE));
  }

  private static List<Code> codes(Outcome<?> outcome) {
    return outcome.refusals().stream().map(Refusal::code).toList();
  }
}
