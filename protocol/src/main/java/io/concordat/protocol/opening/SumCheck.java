package io.concordat.protocol.opening;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.rlwe.Fingerprint;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.SumOpening;
import io.concordat.crypto.rlwe.SumResult;
import io.concordat.crypto.rlwe.VectorKind;
import io.concordat.crypto.share.KeyShares;
import io.concordat.crypto.share.ShareVector;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.ledger.FederationRules;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.CohortFixed;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.RoundOpened;
import io.concordat.protocol.statement.SignedStatement;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks and opens a round from its material, as a silo does before it advances its state and a
 * verifier does later. The order is the protocol's: first that the summed ciphertext is the sum of
 * what the silos sent, then that the answers open it, then what it says.
 */
public final class SumCheck {
  private final RingKernel kernel;

  public SumCheck(RingKernel kernel) {
    this.kernel = kernel;
  }

  /** What came of a check. */
  public sealed interface Result {
    /** The sum of exactly the cohort's contributions. */
    record Opened(long[] values) implements Result {}

    /** The material proves that the claim is wrong. */
    record Refuted(Refusal reason) implements Result {}

    /** The material is not what log and policy name: the carrier's fault, fetch again. */
    record Unusable(String reason) implements Result {}
  }

  /** A silent silo's stored ciphertext, from whoever has it. */
  @FunctionalInterface
  public interface Ciphertexts {
    InputStream open(Digest contribution) throws IOException;
  }

  /** Material that log or policy does not name. */
  private static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super(reason);
    }
  }

  /**
   * Checks one opening.
   *
   * @param round the round, as the replayed log has it, with a claim
   * @param sum the summed ciphertext object
   * @param ciphertexts asked for contributions whose silo stated no fingerprint
   */
  public Result check(
      RoundRecord round, WorkItem.Opening material, BulkSource sum, Ciphertexts ciphertexts)
      throws IOException {
    RoundOpened claim = round.claim().orElseThrow();
    CohortFixed manifest = round.validManifest().orElseThrow().fixed();
    Layout layout =
        HeaderRules.layout(round.announcement())
            .orElseThrow(() -> new IllegalArgumentException("the log took a layout that is none"));
    try {
      Optional<Refusal> wrongSum =
          checkSum(round, manifest, claim, layout, material, sum, ciphertexts);
      if (wrongSum.isPresent()) {
        return new Result.Refuted(wrongSum.get());
      }
      return open(round, manifest, claim, layout, answers(round, claim, layout, material), sum);
    } catch (Unusable | DecodeException e) {
      return new Result.Unusable(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Refusal> checkSum(
      RoundRecord round,
      CohortFixed manifest,
      RoundOpened claim,
      Layout layout,
      WorkItem.Opening material,
      BulkSource sum,
      Ciphertexts ciphertexts)
      throws IOException, DecodeException, Unusable {
    Digest digest = claim.manifest();
    Map<String, ContributionHeader> headers = headers(round, manifest, material);
    Map<String, byte[]> stated = fingerprints(round, manifest, digest, material);
    List<byte[]> values = new ArrayList<>();
    Fingerprint total = Fingerprint.zero(layout.set());
    for (Member member : manifest.cohort()) {
      byte[] value = stated.get(member.silo());
      Fingerprint fingerprint;
      if (value == null) {
        fingerprint = computed(headers.get(member.silo()), member, layout, digest, ciphertexts);
      } else {
        fingerprint = Fingerprint.decode(value, layout.set());
      }
      values.add(fingerprint.encode());
      total = total.plus(fingerprint);
    }
    if (!Digests.sha256(values.toArray(byte[][]::new)).equals(claim.fingerprints())) {
      return refuse("the fingerprints are not those that round.opened names");
    }
    Fingerprint.Taken taken;
    try (InputStream in = sum.open()) {
      taken = Fingerprint.take(in, BulkHead.Kind.SUMMED_CIPHERTEXT, layout, digest, kernel);
    }
    if (!taken.object().root().equals(manifest.sum())
        || taken.object().objectBytes() != manifest.sumLength()) {
      throw new Unusable("the summed ciphertext is not the manifest's");
    }
    return taken.fingerprint().equals(total)
        ? Optional.empty()
        : refuse("the summed ciphertext is not the sum of the cohort's contributions");
  }

  private static Optional<Refusal> refuse(String detail) {
    return Optional.of(Refusal.of(Code.ROUND_FINGERPRINT, detail));
  }

  private static Map<String, ContributionHeader> headers(
      RoundRecord round, CohortFixed manifest, WorkItem.Opening material) throws Unusable {
    Map<String, ContributionHeader> out = new HashMap<>();
    for (SignedStatement signed : material.headers()) {
      if (!(signed.statement() instanceof ContributionHeader header)) {
        throw new Unusable("a header is another statement");
      }
      Optional<Refusal> refusal = HeaderRules.check(round, signed);
      if (refusal.isPresent()) {
        throw new Unusable(refusal.get().toString());
      }
      if (manifest.cohort().contains(new Member(header.silo(), signed.digest()))) {
        out.put(header.silo(), header);
      }
    }
    if (out.size() != manifest.cohort().size()) {
      throw new Unusable("headers of the cohort are missing");
    }
    return out;
  }

  private static Map<String, byte[]> fingerprints(
      RoundRecord round, CohortFixed manifest, Digest digest, WorkItem.Opening material)
      throws Unusable {
    Map<String, byte[]> out = new HashMap<>();
    for (SignedStatement signed : material.fingerprints()) {
      if (!(signed.statement() instanceof FingerprintStated f)
          || !f.manifest().equals(digest)
          || !manifest.silos().contains(f.silo())
          || !isKeyOf(round.job().rules(), f.silo(), signed)) {
        throw new Unusable("a fingerprint is not of this manifest or not by its silo");
      }
      out.put(f.silo(), f.value());
    }
    return out;
  }

  private Fingerprint computed(
      @org.jspecify.annotations.Nullable ContributionHeader header,
      Member member,
      Layout layout,
      Digest manifest,
      Ciphertexts ciphertexts)
      throws IOException, DecodeException, Unusable {
    if (header == null) {
      throw new Unusable("no header of " + member.silo());
    }
    try (InputStream in = ciphertexts.open(member.contribution())) {
      Fingerprint.Taken taken =
          Fingerprint.take(in, BulkHead.Kind.CIPHERTEXT, layout, manifest, kernel);
      if (!taken.object().root().equals(header.root())) {
        throw new Unusable("the ciphertext of " + member.silo() + " is not its header's");
      }
      return taken.fingerprint();
    }
  }

  private static boolean isKeyOf(FederationRules rules, String id, SignedStatement signed) {
    return rules.institution(id).filter(i -> i.nodeKey().equals(signed.signer())).isPresent();
  }

  private static TreeMap<Integer, ShareVector> answers(
      RoundRecord round, RoundOpened claim, Layout layout, WorkItem.Opening material)
      throws Unusable, DecodeException {
    TreeMap<Integer, ShareVector> out = new TreeMap<>();
    if (material.keySums().size() != material.objects().size()) {
      throw new Unusable("as many key sums as objects are expected");
    }
    for (int i = 0; i < material.keySums().size(); i++) {
      SignedStatement signed = material.keySums().get(i);
      byte[] object = material.objects().get(i);
      if (!(signed.statement() instanceof KeySumStated k)
          || !k.manifest().equals(claim.manifest())
          || !k.object().equals(Digests.sha256(object))
          || round
              .job()
              .rules()
              .holder(k.position())
              .filter(h -> isKeyOf(round.job().rules(), h, signed))
              .isEmpty()) {
        throw new Unusable("a key sum is not of this manifest or not by its holder");
      }
      if (claim.answers().contains(k.position())) {
        out.put(k.position(), KeyShares.decode(object, layout.set().ringDegree()));
      }
    }
    if (!List.copyOf(out.keySet()).equals(claim.answers())) {
      throw new Unusable("key sums that round.opened names are missing");
    }
    return out;
  }

  private Result open(
      RoundRecord round,
      CohortFixed manifest,
      RoundOpened claim,
      Layout layout,
      TreeMap<Integer, ShareVector> answers,
      BulkSource sum)
      throws IOException, DecodeException {
    SumOpening opening =
        new SumOpening(
            layout,
            round.ctx(),
            manifest.cohort().size(),
            round.job().rules().threshold(),
            round.job().terms().noised() ? VectorKind.NOISED : VectorKind.EXACT,
            kernel);
    return switch (opening.open(sum, manifest.sum(), answers)) {
      case SumResult.Opened(long[] values, var key) ->
          key.digest().equals(claim.keySum())
              ? new Result.Opened(values)
              : new Result.Refuted(
                  Refusal.of(Code.ROUND_SPOILED, "another key sum than round.opened names"));
      case SumResult.Delivered delivered ->
          throw new IllegalStateException("nobody asked for a sink");
      case SumResult.Overflowed(var misfit, var key) ->
          new Result.Refuted(Refusal.of(Code.ROUND_OVERFLOW, misfit.toString()));
      case SumResult.Spoiled(var misfit, var key) ->
          new Result.Refuted(Refusal.of(Code.ROUND_SPOILED, misfit.toString()));
    };
  }
}
