package io.concordat.crypto.rlwe;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import io.concordat.crypto.share.Interpolation;
import io.concordat.crypto.share.ShareVector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * A holder that answers last knows the others' answers, hence the key sum K. It looks for a small D
 * with a D = -scale m + small on the few rows that hold data: under K + D the sum opens with every
 * check of the data blocks, moved by m. Twenty coefficients of D are unknowns enough, and their
 * lattice is reduced in a moment.
 */
class LatticeAttackTest {
  private static final RingKernel KERNEL = RingKernels.best();
  private static final RoundContext CONTEXT = RoundContext.of(new byte[] {5, 6});
  private static final ParameterSet SET = ParameterSet.TEST_256_94;
  private static final Layout LAYOUT = new Layout(SET, 3, 8, 4);
  private static final int COHORT = 3;
  private static final int THRESHOLD = 3;
  private static final int UNKNOWNS = 20;
  private static final int FIELD = 65521;
  private static final long[] HONEST = {10, -20, 30};

  /** What the liar would like the sum to be. */
  private static final long[] WANTED = {111, 42, -77};

  private final SortedMap<Integer, ShareVector> answers = new TreeMap<>();
  private final SumOpening opening =
      new SumOpening(LAYOUT, CONTEXT, COHORT, THRESHOLD, VectorKind.EXACT, KERNEL);
  private final BulkSource sum;
  private final BulkDigest named;

  LatticeAttackTest() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (CiphertextAccumulator accumulator =
        new CiphertextAccumulator(LAYOUT, KERNEL, SumStore.inMemory(LAYOUT))) {
      for (int silo = 0; silo < COHORT; silo++) {
        byte[] seed = new byte[64];
        seed[0] = (byte) silo;
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        BulkDigest sealed =
            new ContributionEncryptor(LAYOUT, CONTEXT, KERNEL)
                .seal(
                    seed,
                    IntegerVector.of(silo == 0 ? HONEST : new long[HONEST.length]),
                    THRESHOLD,
                    new int[] {1, 2, 3, 4},
                    (position, share, box) -> collect(position, share),
                    object);
        accumulator.add(new ByteArrayInputStream(object.toByteArray()), sealed.root());
      }
      named = accumulator.writeTo(out);
    }
    sum = BulkSource.of(out.toByteArray());
  }

  private void collect(int position, byte[] share) throws IOException {
    try {
      ShareVector read = ShareVector.decode(share, share.length / 2);
      answers.computeIfAbsent(position, p -> ShareVector.zero(read.size())).add(read);
    } catch (DecodeException bad) {
      throw new IOException(bad);
    }
  }

  @Test
  void aReducedLatticeOpensTheDataBlocksToAnySumAndTheCheckBlockRefusesIt() throws Exception {
    short[] key = forge();
    long[] alone = new long[WANTED.length];
    Optional<Misfit> dataBlocks =
        opening.readUnder(
            sum,
            named.root(),
            key,
            (from, values, count) -> System.arraycopy(values, 0, alone, 0, count));
    assertThat(dataBlocks).as("every check of the data blocks holds").isEmpty();
    assertThat(alone).as("and the liar has its way").isEqualTo(WANTED);

    assertThat(opening.judge(sum, new int[] {1, 2, 3}, answers))
        .isEqualTo(SubsetVerdict.CHECK_BLOCK);
    answers.remove(4);
    assertThat(opening.open(sum, named.root(), answers)).isInstanceOf(SumResult.Spoiled.class);
  }

  @Test
  void withASurplusAnswerAnotherSubsetOpensAndTheLieIsRecorded() throws Exception {
    forge();
    SumResult.Opened opened = (SumResult.Opened) opening.open(sum, named.root(), answers);
    assertThat(opened.values()).isEqualTo(HONEST);
    assertThat(opened.key().positions()).containsExactly(1, 2, 4);
    assertThat(opened.key().offPolynomial()).containsExactly(3);
  }

  /** Replaces the answer of holder 3 and returns the key sum that the first three then give. */
  private short[] forge() throws DecodeException {
    assertThat(LAYOUT.rows(0)).isEqualTo(1);
    BigInteger q = SET.modulus();
    BigInteger[][] basis = new BigInteger[UNKNOWNS + 1][UNKNOWNS + 1];
    for (BigInteger[] vector : basis) {
      Arrays.fill(vector, BigInteger.ZERO);
    }
    basis[0][UNKNOWNS] = q;
    for (int i = 0; i < UNKNOWNS; i++) {
      basis[i + 1][i] = BigInteger.ONE;
      basis[i + 1][UNKNOWNS] = moves(i);
    }
    BigInteger[] target = new BigInteger[UNKNOWNS + 1];
    Arrays.fill(target, BigInteger.ZERO);
    for (int slot = 0; slot < WANTED.length; slot++) {
      BigInteger step = BigInteger.valueOf(WANTED[slot] - HONEST[slot]);
      target[UNKNOWNS] =
          target[UNKNOWNS].add(step.shiftLeft(LAYOUT.logScale() + slot * LAYOUT.slotWidth()));
    }
    BigInteger[] rest = ShortLattice.reduced(basis).rest(target);

    Interpolation interpolation = new Interpolation(1, 2, 3);
    BigInteger weight =
        BigInteger.valueOf(interpolation.weights(0)[2]).modInverse(BigInteger.valueOf(FIELD));
    byte[] lie = new byte[2 * SET.ringDegree()];
    ShareVector own = answer(3);
    for (int i = 0; i < SET.ringDegree(); i++) {
      // What is left over is the target less a lattice vector, and the target has no D.
      BigInteger d = i < UNKNOWNS ? rest[i].negate() : BigInteger.ZERO;
      int word =
          d.multiply(weight)
              .add(BigInteger.valueOf(own.word(i)))
              .mod(BigInteger.valueOf(FIELD))
              .intValueExact();
      lie[2 * i] = (byte) word;
      lie[2 * i + 1] = (byte) (word >> 8);
    }
    answers.put(3, ShareVector.decode(lie, SET.ringDegree()));
    return interpolation.at(0, List.of(answer(1), answer(2), answer(3)));
  }

  private ShareVector answer(int position) {
    return Optional.ofNullable(answers.get(position)).orElseThrow();
  }

  /** By how much the data row's V moves when coefficient i of the key sum grows by one, mod q. */
  private BigInteger moves(int i) {
    short[] unit = new short[SET.ringDegree()];
    unit[i] = 1;
    BigInteger moved = BigInteger.ZERO;
    for (int prime = 0; prime < SET.primeCount(); prime++) {
      long[] key = new long[unit.length];
      KERNEL.lift(SET.tables(prime).modulus(), unit, 0, key, 0, unit.length);
      KERNEL.forward(SET.tables(prime), key, 0);
      long[] residue = {0};
      opening.decrypt(0, prime, key, residue, 1, new long[unit.length]);
      BigInteger p = BigInteger.valueOf(SET.primes().get(prime).value());
      BigInteger cofactor = SET.modulus().divide(p);
      moved =
          moved.add(
              cofactor.multiply(cofactor.modInverse(p)).multiply(BigInteger.valueOf(residue[0])));
    }
    return moved.mod(SET.modulus());
  }
}
