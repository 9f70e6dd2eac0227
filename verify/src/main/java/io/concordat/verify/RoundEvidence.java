package io.concordat.verify;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.rlwe.Fingerprint;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.share.KeyShares;
import io.concordat.crypto.share.ShareVector;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.ledger.HeaderRules;
import io.concordat.protocol.ledger.RoundRecord;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.statement.ContributionHeader;
import io.concordat.protocol.statement.FingerprintStated;
import io.concordat.protocol.statement.KeySumStated;
import io.concordat.protocol.statement.Member;
import io.concordat.protocol.statement.SignedStatement;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a pack holds about one opened round, each piece traced to the key it needs. */
final class RoundEvidence {
  /**
   * The largest honest file: 500 headers of 32 boxes below 5 KB as base64url with signature and
   * names, as many fingerprints below 0.8 KB, 32 key sums: 3 MB.
   */
  private static final int MAX_STATEMENTS_BYTES = 4 << 20;

  private final PackFiles pack;
  private final RoundRecord round;
  private final RoundRecord.Manifest manifest;
  private final Layout layout;
  private final Map<String, SignedStatement> headers = new HashMap<>();
  private final Map<String, byte[]> fingerprints = new HashMap<>();
  private final Map<Integer, KeySumStated> keySums = new HashMap<>();

  private RoundEvidence(PackFiles pack, RoundRecord round, Layout layout) {
    this.pack = pack;
    this.round = round;
    this.manifest = round.validManifest().orElseThrow();
    this.layout = layout;
  }

  /**
   * Reads the signed statements; every signature is verified, and who signed is compared with the
   * policy.
   *
   * @throws DecodeException if something in the file is not what it says, or is said by a stranger
   */
  static RoundEvidence read(PackFiles pack, RoundRecord round, Layout layout)
      throws IOException, DecodeException {
    RoundEvidence evidence = new RoundEvidence(pack, round, layout);
    String path = PackLayout.statements(evidence.manifest.digest());
    byte[] file =
        pack.read(path, MAX_STATEMENTS_BYTES)
            .orElseThrow(() -> new DecodeException("not in the pack: " + path));
    JsonObject o =
        CanonicalJson.readObject(file, MAX_STATEMENTS_BYTES)
            .only("manifest", "headers", "fingerprints", "keySums");
    o.constant("manifest", evidence.manifest.digest().toString());
    for (JsonObject one : o.objects("headers")) {
      evidence.header(SignedStatement.read(one));
    }
    for (JsonObject one : o.objects("fingerprints")) {
      evidence.fingerprint(SignedStatement.read(one));
    }
    for (JsonObject one : o.objects("keySums")) {
      evidence.keySum(SignedStatement.read(one));
    }
    return evidence;
  }

  private void header(SignedStatement signed) throws DecodeException {
    if (!(signed.statement() instanceof ContributionHeader header)) {
      throw new DecodeException("a header is a " + signed.type().wireName());
    }
    headers.put(header.silo(), signed);
  }

  private void fingerprint(SignedStatement signed) throws DecodeException {
    if (!(signed.statement() instanceof FingerprintStated stated)
        || !stated.manifest().equals(manifest.digest())
        || !signedBy(stated.silo(), signed)) {
      throw new DecodeException("a fingerprint is of another manifest or not signed by its silo");
    }
    fingerprints.put(stated.silo(), stated.value());
  }

  private void keySum(SignedStatement signed) throws DecodeException {
    if (!(signed.statement() instanceof KeySumStated stated)
        || !stated.manifest().equals(manifest.digest())) {
      throw new DecodeException("an answer is to another manifest");
    }
    Optional<String> holder = round.job().rules().holder(stated.position());
    if (holder.isEmpty() || !signedBy(holder.get(), signed)) {
      throw new DecodeException(
          "the answer at position " + stated.position() + " is not signed by its key holder");
    }
    keySums.put(stated.position(), stated);
  }

  private boolean signedBy(String institution, SignedStatement signed) {
    return round
        .job()
        .rules()
        .institution(institution)
        .filter(i -> i.nodeKey().equals(signed.signer()))
        .isPresent();
  }

  /** Why the cohort's contributions are not all signed by their institutions, if so. */
  Optional<String> contributionsFault() {
    for (Member member : manifest.fixed().cohort()) {
      SignedStatement signed = headers.get(member.silo());
      if (signed == null) {
        return Optional.of("the header of " + member.silo() + " is not in the pack");
      }
      if (!signed.digest().equals(member.contribution())) {
        return Optional.of(
            "the header of " + member.silo() + " is not the one that the manifest names");
      }
      Optional<Refusal> refusal = HeaderRules.check(round, signed);
      if (refusal.isPresent()) {
        return Optional.of(member.silo() + ": " + refusal.get());
      }
    }
    return Optional.empty();
  }

  /**
   * Why the summed ciphertext is not the sum of the cohort's contributions, if so.
   *
   * @param claimed digest over the cohort's fingerprints, from round.opened
   */
  Optional<String> sumFault(BulkSource sum, Digest claimed, RingKernel kernel)
      throws IOException, DecodeException {
    List<Fingerprint> each = new ArrayList<>();
    Fingerprint total = Fingerprint.zero(layout.set());
    for (Member member : manifest.fixed().cohort()) {
      byte[] stated = fingerprints.get(member.silo());
      Fingerprint one =
          stated == null ? computed(member, kernel) : Fingerprint.decode(stated, layout.set());
      each.add(one);
      total = total.plus(one);
    }
    if (!Fingerprint.digest(each).equals(claimed)) {
      return Optional.of("the fingerprints are not those that round.opened names");
    }
    Fingerprint.Taken taken;
    try (InputStream in = sum.open()) {
      taken =
          Fingerprint.take(in, BulkHead.Kind.SUMMED_CIPHERTEXT, layout, manifest.digest(), kernel);
    }
    if (!taken.object().root().equals(manifest.fixed().sum())
        || taken.object().objectBytes() != manifest.fixed().sumLength()) {
      return Optional.of("the summed ciphertext is not the one that the manifest names");
    }
    return taken.fingerprint().equals(total)
        ? Optional.empty()
        : Optional.of("its fingerprint is not the sum of the contributions' fingerprints");
  }

  /** A silent silo's fingerprint is taken of its ciphertext, which the pack must then hold. */
  private Fingerprint computed(Member member, RingKernel kernel)
      throws IOException, DecodeException {
    String path = PackLayout.ciphertext(member.contribution());
    BulkSource ciphertext =
        pack.source(path)
            .orElseThrow(() ->
                new DecodeException(
                    member.silo() + " stated no fingerprint, and not in the pack: " + path));
    SignedStatement header = headers.get(member.silo());
    if (header == null || !(header.statement() instanceof ContributionHeader h)) {
      throw new DecodeException("the header of " + member.silo() + " is not in the pack");
    }
    try (InputStream in = ciphertext.open()) {
      Fingerprint.Taken taken =
          Fingerprint.take(in, BulkHead.Kind.CIPHERTEXT, layout, manifest.digest(), kernel);
      if (!taken.object().root().equals(h.root())) {
        throw new DecodeException("the ciphertext of " + member.silo() + " is not its header's");
      }
      return taken.fingerprint();
    }
  }

  /** The answers of these holders, each the very words that its holder signed. */
  TreeMap<Integer, ShareVector> answers(List<Integer> positions)
      throws IOException, DecodeException {
    TreeMap<Integer, ShareVector> out = new TreeMap<>();
    int degree = layout.set().ringDegree();
    for (int position : positions) {
      KeySumStated stated = keySums.get(position);
      if (stated == null) {
        throw new DecodeException("the signed answer at position " + position + " is missing");
      }
      String path = PackLayout.keySum(manifest.digest(), position);
      byte[] object =
          pack.read(path, KeyShares.objectBytes(degree))
              .orElseThrow(() -> new DecodeException("not in the pack: " + path));
      if (!Digests.sha256(object).equals(stated.object())) {
        throw new DecodeException(
            "the answer at position " + position + " is not the one that its holder signed");
      }
      out.put(position, KeyShares.decode(object, degree));
    }
    return out;
  }
}
