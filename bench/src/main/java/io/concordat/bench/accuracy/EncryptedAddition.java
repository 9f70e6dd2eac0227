package io.concordat.bench.accuracy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.rlwe.CiphertextAccumulator;
import io.concordat.crypto.rlwe.ContributionEncryptor;
import io.concordat.crypto.rlwe.IntegerVector;
import io.concordat.crypto.rlwe.Layout;
import io.concordat.crypto.rlwe.ParameterSet;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.rlwe.SumOpening;
import io.concordat.crypto.rlwe.SumResult;
import io.concordat.crypto.rlwe.SumStore;
import io.concordat.crypto.rlwe.VectorKind;
import io.concordat.crypto.share.ShareVector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The sum of vectors by the real road of numbers: each is packed, encrypted and its key shared
 * among four holders, the ciphertexts are added, three answers open the sum.
 */
final class EncryptedAddition implements ClearFederation.Addition {
  private static final int THRESHOLD = 3;
  private static final int[] HOLDERS = {1, 2, 3, 4};
  private static final int MAX_COHORT = 16;

  private final RingKernel kernel = RingKernels.best();
  private int rounds;

  @Override
  public long[] sum(List<long[]> vectors, int bits) {
    rounds++;
    RoundContext context = RoundContext.of(ByteBuffer.allocate(4).putInt(rounds).array());
    Layout layout =
        new Layout(ParameterSet.RLWE_8192_150, vectors.getFirst().length, bits, MAX_COHORT);
    SortedMap<Integer, ShareVector> answers = new TreeMap<>();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(layout, kernel, SumStore.inMemory(layout))) {
      for (int silo = 0; silo < vectors.size(); silo++) {
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        BulkDigest sealed =
            new ContributionEncryptor(layout, context, kernel)
                .seal(
                    seed(silo),
                    IntegerVector.of(vectors.get(silo)),
                    THRESHOLD,
                    HOLDERS,
                    (position, share, box) -> collect(answers, position, share),
                    object);
        accumulator.add(new ByteArrayInputStream(object.toByteArray()), sealed.root());
      }
      BulkDigest sum = accumulator.writeTo(out);
      SumResult result =
          new SumOpening(layout, context, vectors.size(), THRESHOLD, VectorKind.EXACT, kernel)
              .open(BulkSource.of(out.toByteArray()), sum.root(), answers);
      if (result instanceof SumResult.Opened opened) {
        return opened.values();
      }
      throw new IllegalStateException("an honest sum did not open: " + result);
    } catch (IOException | DecodeException inMemory) {
      throw new IllegalStateException(inMemory);
    }
  }

  /** A measurement hides nothing: the same run gives the same ciphertexts. */
  private byte[] seed(int silo) {
    return ByteBuffer.allocate(64).putInt(rounds).putInt(silo).array();
  }

  private static void collect(SortedMap<Integer, ShareVector> answers, int position, byte[] share)
      throws IOException {
    try {
      ShareVector read = ShareVector.decode(share, share.length / 2);
      answers.computeIfAbsent(position, p -> ShareVector.zero(read.size())).add(read);
    } catch (DecodeException e) {
      throw new IOException(e);
    }
  }
}
