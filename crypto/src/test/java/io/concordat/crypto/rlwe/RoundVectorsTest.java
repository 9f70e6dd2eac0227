package io.concordat.crypto.rlwe;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.share.Interpolation;
import io.concordat.crypto.share.KeyShares;
import io.concordat.crypto.share.ShareVector;
import io.concordat.crypto.vectors.VectorCase;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole rounds of the vectors, from keys to opened values, and every lie told in them. */
class RoundVectorsTest {
  @ParameterizedTest
  @ValueSource(strings = {"256-150", "256-94", "8192-150"})
  void contributionsAndTheirSumAreTheVectorsBytes(String name) throws Exception {
    VectorRound round = round(name);
    assertThat(round.layout.ciphertextBytes()).isEqualTo(round.expected.number("wireLength"));
    assertThat(round.context.bytes()).isEqualTo(round.expected.hex("context"));
    List<VectorCase> blocks = round.expected.cases("blocks");
    for (VectorCase block : blocks) {
      int index = (int) block.number("block");
      assertThat(round.layout.valuesIn(index)).isEqualTo(block.integer("values"));
      assertThat(round.layout.rows(index)).isEqualTo(block.integer("rows"));
    }
    List<VectorCase> expected = round.expected.cases("contributions");
    for (int i = 0; i < round.silos; i++) {
      VectorCase silo = expected.get(i);
      assertInputsAreThoseOf(silo, round, i, blocks);
      byte[] body = VectorRound.body(round.contributions.get(i));
      if (silo.has("wire")) {
        assertThat(body).isEqualTo(silo.base64("wire"));
      }
      assertThat(Digests.sha256(body).hex()).isEqualTo(silo.string("wireSha256"));
      assertThat(round.digests.get(i).root().hex()).isEqualTo(silo.string("objectRoot"));
      for (int j = 1; j <= round.holders; j++) {
        byte[] share = round.shares.get(i).get(j - 1).encode();
        assertThat(Digests.sha256(share).hex())
            .isEqualTo(silo.object("shareSha256").string("" + j));
      }
    }
    VectorCase sum = round.expected.object("sum");
    assertThat(Digests.sha256(VectorRound.body(round.sum)).hex())
        .isEqualTo(sum.string("wireSha256"));
    assertThat(round.sumDigest.root().hex()).isEqualTo(sum.string("objectRoot"));
  }

  private static void assertInputsAreThoseOf(
      VectorCase silo, VectorRound round, int i, List<VectorCase> blocks) {
    ContributionSecrets secrets = round.secrets(i);
    short[] key = new short[round.layout.set().ringDegree()];
    secrets.key(key);
    assertThat(sha256OfBytes(key, key.length)).isEqualTo(silo.string("keySha256Int8"));
    for (int b = 0; b < blocks.size(); b++) {
      int rows = blocks.get(b).integer("rows");
      secrets.errors().draw((int) blocks.get(b).number("block"), key, rows);
      assertThat(sha256OfBytes(key, rows)).isEqualTo(silo.list("errorSha256Int8").get(b));
    }
    assertThat(sha256(round.values(i))).isEqualTo(silo.string("valuesSha256"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"256-150", "256-94", "8192-150"})
  void fingerprintsAddUpAndTellAnAlteredSum(String name) throws Exception {
    VectorRound round = round(name);
    VectorCase expected = round.expected.object("fingerprints");
    Digest manifest = round.manifestDigest();
    assertThat(manifest.toString()).isEqualTo(round.expected.string("manifestDigest"));
    Fingerprint total = Fingerprint.zero(round.layout.set());
    List<Fingerprint> all = new ArrayList<>();
    for (int i = 0; i < round.silos; i++) {
      Fingerprint.Taken taken = take(round, round.contributions.get(i), BulkHead.Kind.CIPHERTEXT);
      assertThat(taken.object()).isEqualTo(round.digests.get(i));
      assertThat(taken.fingerprint())
          .isEqualTo(of(round, expected.object("of").longRows("silo-" + i)));
      all.add(taken.fingerprint());
      total = total.plus(taken.fingerprint());
    }
    Fingerprint.Taken ofSum = take(round, round.sum, BulkHead.Kind.SUMMED_CIPHERTEXT);
    assertThat(ofSum.object()).isEqualTo(round.sumDigest);
    assertThat(ofSum.fingerprint())
        .isEqualTo(total)
        .isEqualTo(of(round, expected.longRows("ofSum")));
    assertThat(total.encode()).isEqualTo(expected.hex("ofSumBytes"));
    assertThat(Fingerprint.decode(total.encode(), round.layout.set())).isEqualTo(total);
    assertThat(Fingerprint.digest(all).toString()).isEqualTo(expected.string("digest"));

    byte[] altered = round.sum.clone();
    int at = (int) (BulkHead.BYTES + round.layout.blockOffset(Layout.CHECK_BLOCK));
    // Adding 1 to a word that does not end in ones carries no further than its first byte.
    altered[at]++;
    assertThat(altered[at]).isNotZero();
    assertThat(take(round, altered, BulkHead.Kind.SUMMED_CIPHERTEXT).fingerprint())
        .isEqualTo(of(round, expected.object("ofAlteredSum").longRows("fingerprints")))
        .isNotEqualTo(total);
  }

  @ParameterizedTest
  @ValueSource(strings = {"256-150", "256-94", "8192-150"})
  void keySumsAndEverySubsetGiveTheSameOpening(String name) throws Exception {
    VectorRound round = round(name);
    SortedMap<Integer, ShareVector> answers = round.answers();
    answers.forEach((position, answer) -> {
      VectorCase expected = round.expected.object("keySums").object("" + position);
      assertThat(Digests.sha256(answer.encode()).hex()).isEqualTo(expected.string("sha256"));
      assertThat(KeyShares.digest(answer).toString()).isEqualTo(expected.string("objectDigest"));
    });
    VectorCase lagrange = round.expected.object("lagrange");
    for (String subset : lagrange.fields()) {
      int[] positions = Arrays.stream(subset.split(",")).mapToInt(Integer::parseInt).toArray();
      int[] weights = new Interpolation(positions).weights(0);
      for (int i = 0; i < positions.length; i++) {
        assertThat(weights[i]).isEqualTo(lagrange.object(subset).integer("" + positions[i]));
      }
      SortedMap<Integer, ShareVector> few = new TreeMap<>();
      answers.forEach((position, answer) -> {
        if (Arrays.binarySearch(positions, position) >= 0) {
          few.put(position, answer);
        }
      });
      assertOpens(round, few, positions);
    }
  }

  private static void assertOpens(
      VectorRound round, SortedMap<Integer, ShareVector> answers, int[] positions)
      throws Exception {
    SumResult result =
        round.opening(VectorKind.EXACT).open(round.sumSource(), round.sumDigest.root(), answers);
    assertThat(result).isInstanceOf(SumResult.Opened.class);
    SumResult.Opened opened = (SumResult.Opened) result;
    assertThat(opened.positions()).isEqualTo(Arrays.stream(positions).boxed().toList());
    assertThat(opened.values()[2]).isEqualTo((1L << round.silos) - 1);
    assertThat(sha256(opened.values())).isEqualTo(round.expected.string("openedSha256Int64"));
    assertThat(opened.key().digest().hex()).isEqualTo(round.expected.object("K").string("sha256"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"256-150", "256-94", "8192-150"})
  void decryptedCoefficientsAreTheVectors(String name) throws Exception {
    VectorRound round = round(name);
    SumOpening opening = round.opening(VectorKind.EXACT);
    short[] key =
        new Interpolation(1, 2, 3).at(0, List.copyOf(round.answers().values()).subList(0, 3));
    ParameterSet set = round.layout.set();
    VectorCase expected = round.expected.object("V");
    List<List<BigInteger>> blocks = new ArrayList<>();
    long[][] run = new long[set.primeCount()][];
    new CiphertextReader(round.layout, round.kernel)
        .readAll(
            new ByteArrayInputStream(round.sum),
            BulkHead.Kind.SUMMED_CIPHERTEXT,
            (block, j, residues, rows) -> {
              long[] transformed = new long[key.length];
              round.kernel.lift(set.primes().get(j), key, 0, transformed, 0, key.length);
              round.kernel.forward(set.tables(j), transformed, 0);
              opening.decrypt(block, j, transformed, residues, rows, new long[key.length]);
              run[j] = Arrays.copyOf(residues, rows);
              if (j == set.primeCount() - 1) {
                blocks.add(crt(set, run, rows));
              }
            });
    for (int b = 0; b < blocks.size(); b++) {
      List<?> first = (List<?>) expected.list("firstOfEachBlock").get(b);
      for (int i = 0; i < first.size(); i++) {
        assertThat(blocks.get(b).get(i)).isEqualTo(new BigInteger(String.valueOf(first.get(i))));
      }
    }
    List<BigInteger> check = blocks.get(blocks.size() - 1);
    assertThat(check.subList(0, 16)).isEqualTo(expected.bigs("checkBlock"));
    BigInteger scale = BigInteger.valueOf(round.layout.scale());
    ByteBuffer noise = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (List<BigInteger> block : blocks) {
      for (BigInteger v : block) {
        BigInteger half = scale.shiftRight(1);
        noise.putShort(v.add(half).mod(scale).subtract(half).shortValueExact());
      }
    }
    byte[] noiseBytes = Arrays.copyOf(noise.array(), noise.position());
    assertThat(Digests.sha256(noiseBytes).hex()).isEqualTo(expected.string("noiseSha256Int16"));
  }

  /** The slow definition: Chinese remainders in BigInteger, centred. */
  private static List<BigInteger> crt(ParameterSet set, long[][] residues, int rows) {
    List<BigInteger> out = new ArrayList<>();
    BigInteger q = set.modulus();
    for (int c = 0; c < rows; c++) {
      BigInteger v = BigInteger.ZERO;
      for (int j = 0; j < residues.length; j++) {
        BigInteger p = BigInteger.valueOf(set.primes().get(j).value());
        BigInteger rest = q.divide(p);
        v = v.add(rest.multiply(rest.modInverse(p)).multiply(BigInteger.valueOf(residues[j][c])));
      }
      v = v.mod(q);
      out.add(v.compareTo(q.shiftRight(1)) > 0 ? v.subtract(q) : v);
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"256-150", "256-94", "8192-150"})
  void everyLieHasTheVectorsVerdictsAndNeverAnotherSum(String name) throws Exception {
    VectorRound round = round(name);
    SumOpening opening = round.opening(VectorKind.EXACT);
    for (VectorCase lie : round.expected.cases("lies")) {
      SortedMap<Integer, ShareVector> answers = round.answers();
      for (VectorCase change : lie.cases("changes")) {
        answers.computeIfPresent(
            change.integer("holder"),
            (holder, answer) ->
                altered(answer, change.integer("coefficient"), change.integer("add")));
      }
      for (VectorCase subset : lie.cases("subsets")) {
        assertSubset(round, opening, answers, subset, lie.string("what"));
      }
      SumResult result = opening.open(round.sumSource(), round.sumDigest.root(), answers);
      if (lie.has("opensWith")) {
        SumResult.Opened opened = (SumResult.Opened) result;
        List<Integer> used = Arrays.stream(lie.integers("opensWith")).boxed().toList();
        assertThat(opened.positions()).isEqualTo(used);
        assertThat(sha256(opened.values())).isEqualTo(round.expected.string("openedSha256Int64"));
        List<Integer> others = new ArrayList<>(answers.keySet());
        others.removeAll(used);
        assertThat(opened.key().offPolynomial()).isEqualTo(others);
      } else {
        SumResult.Spoiled spoiled = (SumResult.Spoiled) result;
        assertThat(spoiled.reason()).isEqualTo(lie.string("refused"));
        assertThat(spoiled.key()).isEmpty();
      }
    }
  }

  private static void assertSubset(
      VectorRound round,
      SumOpening opening,
      SortedMap<Integer, ShareVector> answers,
      VectorCase subset,
      String what)
      throws Exception {
    int[] positions = subset.integers("holders");
    assertThat(opening.judge(round.sumSource(), positions, answers).words())
        .as(what)
        .isEqualTo(subset.string("result"));
    if (subset.has("dataBlocksAlone")) {
      List<ShareVector> used =
          answers.entrySet().stream()
              .filter(answer -> Arrays.binarySearch(positions, answer.getKey()) >= 0)
              .map(Map.Entry::getValue)
              .toList();
      short[] key = new Interpolation(positions).at(0, used);
      Optional<Misfit> misfit =
          opening.readUnder(
              round.sumSource(), round.sumDigest.root(), key, (from, values, count) -> {});
      assertThat(misfit.orElseThrow().check().words())
          .as(what)
          .isEqualTo(subset.string("dataBlocksAlone"));
    }
  }

  private static ShareVector altered(ShareVector answer, int coefficient, int add) {
    byte[] bytes = answer.encode();
    int word = (answer.word(coefficient) + add) % 65521;
    bytes[2 * coefficient] = (byte) word;
    bytes[2 * coefficient + 1] = (byte) (word >> 8);
    try {
      return ShareVector.decode(bytes, answer.size());
    } catch (DecodeException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Fingerprint.Taken take(VectorRound round, byte[] object, BulkHead.Kind kind)
      throws Exception {
    return Fingerprint.take(
        new ByteArrayInputStream(object), kind, round.layout, round.manifestDigest(), round.kernel);
  }

  private static Fingerprint of(VectorRound round, long[][] copies) throws Exception {
    int primes = round.layout.set().primeCount();
    ByteBuffer bytes = ByteBuffer.allocate(24 * primes).order(ByteOrder.LITTLE_ENDIAN);
    for (long[] copy : copies) {
      for (long value : copy) {
        bytes.putLong(value);
      }
    }
    return Fingerprint.decode(bytes.array(), round.layout.set());
  }

  private static String sha256(long[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return Digests.sha256(bytes.array()).hex();
  }

  private static String sha256OfBytes(short[] values, int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) values[i];
    }
    return Digests.sha256(bytes).hex();
  }

  private static VectorRound round(String name) throws Exception {
    return new VectorRound(name, RingKernels.best());
  }
}
