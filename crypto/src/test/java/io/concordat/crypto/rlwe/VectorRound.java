package io.concordat.crypto.rlwe;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.LabelledStream;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.share.KeyShares;
import io.concordat.crypto.share.ShamirSharing;
import io.concordat.crypto.share.ShareVector;
import io.concordat.crypto.vectors.Shake;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One whole round of the vectors, made with this module from the vectors' inputs. */
final class VectorRound {
  final VectorCase expected;
  final String name;
  final Layout layout;
  final RoundContext context;
  final int silos;
  final int holders;
  final int threshold;
  final RingKernel kernel;
  final List<byte[]> contributions = new ArrayList<>();
  final List<BulkDigest> digests = new ArrayList<>();
  final List<List<ShareVector>> shares = new ArrayList<>();
  final byte[] sum;
  final BulkDigest sumDigest;

  VectorRound(String name, RingKernel kernel) throws IOException, DecodeException {
    this.name = name;
    this.kernel = kernel;
    expected = Vectors.named("round/" + name);
    layout =
        new Layout(
            ParameterSet.byId(expected.string("set")).orElseThrow(),
            expected.number("values"),
            expected.integer("bits"),
            expected.integer("maxCohort"));
    context = RoundContext.of(expected.string("announcement").getBytes(StandardCharsets.UTF_8));
    silos = expected.integer("silos");
    holders = expected.integer("holders");
    threshold = expected.integer("threshold");
    for (int i = 0; i < silos; i++) {
      contribute(i);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(layout, kernel, SumStore.inMemory(layout))) {
      for (int i = 0; i < silos; i++) {
        accumulator.add(new ByteArrayInputStream(contributions.get(i)), digests.get(i).root());
      }
      sumDigest = accumulator.writeTo(out);
    }
    sum = out.toByteArray();
  }

  private void contribute(int silo) throws IOException, DecodeException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<ShareVector> dealt = new ArrayList<>();
    List<byte[]> raw = new ArrayList<>();
    int[] positions = new int[holders];
    Arrays.setAll(positions, j -> j + 1);
    digests.add(
        new ContributionEncryptor(layout, context, kernel)
            .seal(
                secrets(silo),
                IntegerVector.of(values(silo)),
                threshold,
                positions,
                (position, share, box) -> raw.add(share.clone()),
                out));
    for (byte[] share : raw) {
      dealt.add(ShareVector.decode(share, layout.set().ringDegree()));
    }
    contributions.add(out.toByteArray());
    shares.add(dealt);
  }

  /** The values of a silo: extremes, 2^i, then uniform. */
  long[] values(int silo) {
    Shake stream = new Shake("concordat-test/" + name + "/m/" + silo);
    int b = layout.bits();
    BigInteger span = BigInteger.ONE.shiftLeft(b).subtract(BigInteger.ONE);
    long[] values = new long[(int) layout.values()];
    for (int v = 0; v < values.length; v++) {
      byte[] word = stream.read(8);
      for (int x = 0; x < 4; x++) {
        byte swap = word[x];
        word[x] = word[7 - x];
        word[7 - x] = swap;
      }
      values[v] = new BigInteger(1, word).mod(span).longValue() - layout.maxValue();
    }
    values[0] = layout.maxValue();
    values[1] = -layout.maxValue();
    values[2] = 1L << silo;
    return values;
  }

  ContributionSecrets secrets(int silo) {
    String root = "concordat-test/" + name;
    return new ContributionSecrets() {
      @Override
      public void key(short[] out) {
        new Shake(root + "/k/" + silo).small(out, out.length);
      }

      @Override
      public Errors errors() {
        return (block, out, rows) ->
            new Shake(root + "/e/" + silo + "/" + Integer.toUnsignedString(block)).small(out, rows);
      }

      @Override
      public ShamirSharing sharing(short[] key, int threshold) {
        char[][] higher = new char[threshold - 1][];
        Arrays.setAll(
            higher, g -> new Shake(root + "/share/" + silo + "/" + (g + 1)).words(key.length));
        return ShamirSharing.of(key, higher);
      }

      @Override
      public LabelledStream box(int position) {
        return LabelledStream.ofPosition(new byte[64], "box", position);
      }
    };
  }

  /** The key sums of all holders. */
  SortedMap<Integer, ShareVector> answers() {
    SortedMap<Integer, ShareVector> answers = new TreeMap<>();
    for (int j = 0; j < holders; j++) {
      int holder = j;
      answers.put(
          j + 1,
          KeyShares.sum(
              shares.stream().map(dealt -> dealt.get(holder)).toList(), layout.set().ringDegree()));
    }
    return answers;
  }

  SumOpening opening(VectorKind kind) {
    return new SumOpening(layout, context, silos, threshold, kind, kernel);
  }

  BulkSource sumSource() {
    return BulkSource.of(sum);
  }

  Digest manifestDigest() {
    return Digests.sha256(expected.string("manifest"));
  }

  static byte[] body(byte[] object) {
    return Arrays.copyOfRange(object, BulkHead.BYTES, object.length);
  }
}
