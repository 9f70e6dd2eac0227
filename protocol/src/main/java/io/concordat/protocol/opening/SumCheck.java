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
 * what the silos sent, then that the answers open it, then what it says. One pass over the sum
 * gives its digest, its fingerprint and its values; nothing is made of the values before the
 * fingerprint was found right.
 */
public final class SumCheck {
  private static final String WRONG_SUM =
      "the summed ciphertext is not the sum of the cohort's contributions";

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
      List<Fingerprint> each = fingerprints(round, manifest, claim, layout, material, ciphertexts);
      if (!Fingerprint.digest(each).equals(claim.fingerprints())) {
        return refuted("the fingerprints are not those that round.opened names");
      }
      if (manifest.sumLength() != BulkHead.BYTES + layout.ciphertextBytes()) {
        throw new Unusable("the summed ciphertext has not the layout's length");
      }
      Fingerprint total = each.stream().reduce(Fingerprint.zero(layout.set()), Fingerprint::plus);
      TreeMap<Integer, ShareVector> answers;
      try {
        answers = answers(round, claim, layout, material);
      } catch (Unusable | DecodeException e) {
        // A wrong sum is wrong whatever came with it.
        if (!fingerprint(sum, manifest, layout, claim.manifest()).equals(total)) {
          return refuted(WRONG_SUM);
        }
        throw e;
      }
      return open(round, manifest, claim, layout, answers, sum, total);
    } catch (Unusable | DecodeException e) {
      return new Result.Unusable(String.valueOf(e.getMessage()));
    }
  }

  /** The cohort's fingerprints in the manifest's order. */
  private List<Fingerprint> fingerprints(
      RoundRecord round,
      CohortFixed manifest,
      RoundOpened claim,
      Layout layout,
      WorkItem.Opening material,
      Ciphertexts ciphertexts)
      throws IOException, DecodeException, Unusable {
    Digest digest = claim.manifest();
    Map<String, ContributionHeader> headers = headers(round, manifest, material);
    Map<String, byte[]> stated = stated(round, manifest, digest, material);
    List<Fingerprint> out = new ArrayList<>();
    for (Member member : manifest.cohort()) {
      byte[] value = stated.get(member.silo());
      out.add(
          value == null
              ? computed(headers.get(member.silo()), member, layout, digest, ciphertexts)
              : Fingerprint.decode(value, layout.set()));
    }
    return out;
  }

  /** The sum's own fingerprint, where it is not opened. */
  private Fingerprint fingerprint(
      BulkSource sum, CohortFixed manifest, Layout layout, Digest digest)
      throws IOException, DecodeException, Unusable {
    try (InputStream in = sum.open()) {
      Fingerprint.Taken taken =
          Fingerprint.take(in, BulkHead.Kind.SUMMED_CIPHERTEXT, layout, digest, kernel);
      if (!taken.object().root().equals(manifest.sum())) {
        throw new Unusable("the summed ciphertext is not the manifest's");
      }
      return taken.fingerprint();
    }
  }

  private static Result refuted(String detail) {
    return new Result.Refuted(Refusal.of(Code.ROUND_FINGERPRINT, detail));
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

  private static Map<String, byte[]> stated(
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
      BulkSource sum,
      Fingerprint total)
      throws IOException, DecodeException {
    SumOpening opening =
        new SumOpening(
            layout,
            round.ctx(),
            manifest.cohort().size(),
            round.job().rules().threshold(),
            round.job().terms().noised() ? VectorKind.NOISED : VectorKind.EXACT,
            kernel);
    SumOpening.Printed printed =
        opening.openPrinted(sum, manifest.sum(), answers, claim.manifest());
    if (!printed.fingerprint().equals(total)) {
      return refuted(WRONG_SUM);
    }
    return switch (printed.result()) {
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
