package io.concordat.crypto.rlwe;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.BulkDigest;
import io.concordat.crypto.bulk.BulkHead;
import io.concordat.crypto.bulk.BulkSource;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.share.Interpolation;
import io.concordat.crypto.share.ShareVector;
import io.concordat.crypto.share.Subsets;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Opens a summed ciphertext with the key sums of t holders: V = sum - a K.
 *
 * <p>INV-10. Why the check block decides which K is taken. The bound on |K| alone is nearly no
 * check: one wrong step of one answer moves K by 1 to 8. Nor do the data blocks suffice: for a few
 * values a lying holder finds by lattice reduction an answer that opens to a sum of its choice. But
 * let two sums of keys both pass the check block. Their difference D has coefficients at most 126 S
 * and a_x D at most 126 S on all check rows, S the cohort. Mod each p, a_x D runs uniformly through
 * the negacyclic code of the polynomials that vanish where D does, say at z roots, and any N - z
 * consecutive coefficients of such a code are free, so the check rows are uniform if z is at most N
 * less their number. As p^z divides the norm of D, which is at most (126 S sqrt N)^N, z is below
 * N/2 in every set and cohort allowed. Counting the D that are small and the uniform rows that are,
 * such a D exists with probability below 2^-128. So every t-subset of answers that passes opens the
 * same sum, whoever chose the answers.
 */
public final class SumOpening {
  /** After so many subsets a round counts as not opening. */
  public static final int MAX_SUBSETS = 10_000;

  /** Nobody else reads along. */
  private static final CiphertextReader.Run NOBODY = (block, prime, residues, rows) -> {};

  private final Layout layout;
  private final int cohort;
  private final int threshold;
  private final VectorKind kind;
  private final RingKernel kernel;
  private final UniformWords polynomials;

  /**
   * @param cohort |S|, how many contributions the manifest names
   * @param threshold t
   */
  public SumOpening(
      Layout layout,
      RoundContext context,
      int cohort,
      int threshold,
      VectorKind kind,
      RingKernel kernel) {
    if (cohort < 1 || cohort > layout.maxCohort()) {
      throw new IllegalArgumentException(
          "a cohort has 1 to " + layout.maxCohort() + " contributions, not " + cohort);
    }
    if (threshold < 1) {
      throw new IllegalArgumentException("t is at least 1, not " + threshold);
    }
    this.layout = layout;
    this.cohort = cohort;
    this.threshold = threshold;
    this.kind = kind;
    this.kernel = kernel;
    polynomials = UniformWords.ofRound(context, kernel);
  }

  /**
   * Opens into memory.
   *
   * @param sum the stored summed ciphertext
   * @param root what the manifest says of it
   * @param answers the key sums by position, at least t of them
   * @throws DecodeException if the stored object is not the manifest's
   */
  public SumResult open(BulkSource sum, Digest root, SortedMap<Integer, ShareVector> answers)
      throws IOException, DecodeException {
    return collected(sink -> open(sum, root, answers, sink, NOBODY));
  }

  /**
   * An opening and the fingerprint of what was opened, from one pass over it.
   *
   * @param fingerprint to be compared before the result is believed: only a sum that has the right
   *     one is the sum of the cohort's contributions
   */
  public record Printed(SumResult result, Fingerprint fingerprint) {}

  /**
   * Opens into memory, the fingerprint taken in the same pass, whether the sum opens or not.
   *
   * @param manifest digest of the manifest that names the sum
   */
  public Printed openPrinted(
      BulkSource sum, Digest root, SortedMap<Integer, ShareVector> answers, Digest manifest)
      throws IOException, DecodeException {
    Fingerprint.Taking taking = new Fingerprint.Taking(layout, manifest, kernel);
    boolean[] read = {false};
    CiphertextReader.Run print =
        (block, prime, residues, rows) -> {
          read[0] = true;
          taking.add(block, prime, residues, rows);
        };
    SumResult result = collected(sink -> open(sum, root, answers, sink, print));
    if (!read[0]) {
      // No answers passed the check block, and the data blocks were never asked for.
      pass(sum, root, print);
    }
    return new Printed(result, taking.fingerprint());
  }

  /** An opening that wants a sink. */
  @FunctionalInterface
  private interface Delivery {
    SumResult into(ValueSink sink) throws IOException, DecodeException;
  }

  private SumResult collected(Delivery delivery) throws IOException, DecodeException {
    long[] values = new long[Math.toIntExact(layout.values())];
    SumResult result =
        delivery.into((from, part, count) -> System.arraycopy(part, 0, values, (int) from, count));
    return switch (result) {
      case SumResult.Delivered delivered -> new SumResult.Opened(values, delivered.key());
      case SumResult.Opened opened -> opened;
      case SumResult.Overflowed overflowed -> overflowed;
      case SumResult.Spoiled spoiled -> spoiled;
    };
  }

  /** Opens block by block into a sink; memory does not grow with the vector. */
  public SumResult open(
      BulkSource sum, Digest root, SortedMap<Integer, ShareVector> answers, ValueSink sink)
      throws IOException, DecodeException {
    return open(sum, root, answers, sink, NOBODY);
  }

  /** The same, each run shown to another reader before it is decrypted in place. */
  private SumResult open(
      BulkSource sum,
      Digest root,
      SortedMap<Integer, ShareVector> answers,
      ValueSink sink,
      CiphertextReader.Run also)
      throws IOException, DecodeException {
    if (answers.size() < threshold) {
      throw new IllegalArgumentException(
          "t = " + threshold + " answers open, found " + answers.size());
    }
    long[][] check = checkBlock(sum);
    Optional<Candidate> found = search(check, answers);
    if (found.isEmpty()) {
      Misfit none = new Misfit(Misfit.Check.NO_SUBSET, Layout.CHECK_BLOCK, 0);
      return new SumResult.Spoiled(none, Optional.empty());
    }
    OpenedKey key = found.get().describe(answers);
    Optional<Misfit> misfit = deliver(sum, root, check, found.get().transformed, sink, also);
    if (misfit.isEmpty()) {
      return new SumResult.Delivered(key);
    }
    return switch (kind) {
      case EXACT -> new SumResult.Spoiled(misfit.get(), Optional.of(key));
      case NOISED -> new SumResult.Overflowed(misfit.get(), key);
    };
  }

  /** What one subset of answers comes to, for reports on spoiled rounds. */
  public SubsetVerdict judge(BulkSource sum, int[] subset, SortedMap<Integer, ShareVector> answers)
      throws IOException, DecodeException {
    return new Candidate(subset, answers).judge(checkBlock(sum));
  }

  /** Reads the data blocks under a given key sum without asking the check block: for tests only. */
  Optional<Misfit> readUnder(BulkSource sum, Digest root, short[] keySum, ValueSink sink)
      throws IOException, DecodeException {
    return deliver(sum, root, checkBlock(sum), transform(keySum), sink, NOBODY);
  }

  private long[][] transform(short[] keySum) {
    long[][] out = new long[layout.set().primeCount()][keySum.length];
    for (int j = 0; j < out.length; j++) {
      NttTables tables = layout.set().tables(j);
      kernel.lift(tables.modulus(), keySum, 0, out[j], 0, keySum.length);
      kernel.forward(tables, out[j], 0);
    }
    return out;
  }

  private long[][] checkBlock(BulkSource sum) throws IOException, DecodeException {
    long[][] check = new long[layout.set().primeCount()][];
    try (InputStream in = sum.open()) {
      new CiphertextReader(layout, kernel)
          .readCheckBlock(
              in,
              BulkHead.Kind.SUMMED_CIPHERTEXT,
              (block, prime, residues, rows) -> check[prime] = Arrays.copyOf(residues, rows));
    }
    return check;
  }

  private Optional<Candidate> search(long[][] check, SortedMap<Integer, ShareVector> answers) {
    int[] positions = answers.keySet().stream().mapToInt(Integer::intValue).toArray();
    Subsets subsets = new Subsets(positions, threshold);
    for (int tried = 0; tried < MAX_SUBSETS && subsets.hasNext(); tried++) {
      Candidate candidate = new Candidate(subsets.next(), answers);
      if (candidate.judge(check) == SubsetVerdict.OPENS) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * Reads all data blocks. The digest is taken of the same bytes; the check block is compared with
   * the one that was tested, which was read on another pass.
   */
  private Optional<Misfit> deliver(
      BulkSource sum,
      Digest root,
      long[][] check,
      long[][] key,
      ValueSink sink,
      CiphertextReader.Run also)
      throws IOException, DecodeException {
    DataBlocks data = new DataBlocks(check, key, sink);
    pass(
        sum,
        root,
        (block, prime, residues, rows) -> {
          also.take(block, prime, residues, rows);
          data.take(block, prime, residues, rows);
        });
    return data.misfit;
  }

  /** Reads the whole object, which must be the one that the manifest names. */
  private void pass(BulkSource sum, Digest root, CiphertextReader.Run run)
      throws IOException, DecodeException {
    try (InputStream in = sum.open()) {
      BulkDigest found =
          new CiphertextReader(layout, kernel).readAll(in, BulkHead.Kind.SUMMED_CIPHERTEXT, run);
      if (!found.root().equals(root)) {
        throw new DecodeException("the summed ciphertext is not the one that the manifest names");
      }
    }
  }

  /** V = sum - a K in place, for one block and prime. */
  void decrypt(int block, int prime, long[] key, long[] residues, int rows, long[] scratch) {
    NttTables tables = layout.set().tables(prime);
    Modulus p = tables.modulus();
    polynomials.polynomialTimes(block, prime, tables, key, scratch, rows);
    for (int i = 0; i < rows; i++) {
      residues[i] = p.subtract(residues[i], scratch[i]);
    }
  }

  /** Decrypts the runs of a sum and hands each complete block on. */
  private final class DataBlocks {
    private final long[][] check;
    private final long[][] key;
    private final ValueSink sink;
    private final long[][] block = new long[layout.set().primeCount()][layout.rows(0)];
    private final long[] scratch = new long[layout.set().ringDegree()];
    private final long[] values = new long[layout.rows(0) * layout.slots()];
    private final BlockReader reader = new BlockReader(layout, cohort);
    private Optional<Misfit> misfit = Optional.empty();

    DataBlocks(long[][] check, long[][] key, ValueSink sink) {
      this.check = check;
      this.key = key;
      this.sink = sink;
    }

    void take(int index, int prime, long[] residues, int rows) throws IOException {
      if (index == Layout.CHECK_BLOCK) {
        if (!Arrays.equals(check[prime], 0, rows, residues, 0, rows)) {
          throw new IOException("the summed ciphertext changed while it was read");
        }
        return;
      }
      if (misfit.isPresent()) {
        return;
      }
      decrypt(index, prime, key[prime], residues, rows, scratch);
      System.arraycopy(residues, 0, block[prime], 0, rows);
      if (prime == layout.set().primeCount() - 1) {
        int count = layout.valuesIn(index);
        misfit = reader.read(block, index, rows, count, values);
        if (misfit.isEmpty()) {
          sink.accept(index * layout.valuesOfFullBlock(), values, count);
        }
      }
    }
  }

  /** One subset's key sum. */
  private final class Candidate {
    private final int[] positions;
    private final List<ShareVector> used;
    private final short[] keySum;
    private long[][] transformed = new long[0][];

    Candidate(int[] positions, SortedMap<Integer, ShareVector> answers) {
      this.positions = positions;
      used = new ArrayList<>();
      for (int position : positions) {
        ShareVector answer = answers.get(position);
        if (answer == null || answer.size() != layout.set().ringDegree()) {
          throw new IllegalArgumentException(
              "the answer of position " + position + " is not a key sum of " + layout.set());
        }
        used.add(answer);
      }
      keySum = new Interpolation(positions).at(0, used);
    }

    /** The key bound first: it costs no transform. */
    SubsetVerdict judge(long[][] check) {
      if (!keyIsSmall()) {
        return SubsetVerdict.KEY_BOUND;
      }
      return opens(check) ? SubsetVerdict.OPENS : SubsetVerdict.CHECK_BLOCK;
    }

    boolean keyIsSmall() {
      int bound = Layout.NOISE_BOUND * cohort;
      for (short k : keySum) {
        if (Math.abs(k) > bound) {
          return false;
        }
      }
      return true;
    }

    /**
     * Whether every coefficient of V of the check block is at most 63 S. A number within that bound
     * is the same small number modulo every prime, and by the Chinese remainder theorem nothing
     * else is.
     */
    boolean opens(long[][] check) {
      int rows = layout.checkRows();
      int n = layout.set().ringDegree();
      long[] scratch = new long[n];
      long[] first = new long[rows];
      transformed = transform(keySum);
      for (int j = 0; j < transformed.length; j++) {
        Modulus p = layout.set().primes().get(j);
        long[] residues = check[j].clone();
        decrypt(Layout.CHECK_BLOCK, j, transformed[j], residues, rows, scratch);
        for (int i = 0; i < rows; i++) {
          long centred = residues[i] > p.value() / 2 ? residues[i] - p.value() : residues[i];
          if (Math.abs(centred) > (long) Layout.NOISE_BOUND * cohort
              || j > 0 && centred != first[i]) {
            return false;
          }
          first[i] = centred;
        }
      }
      return true;
    }

    OpenedKey describe(SortedMap<Integer, ShareVector> answers) {
      Interpolation interpolation = new Interpolation(positions);
      List<Integer> off = new ArrayList<>();
      answers.forEach((position, answer) -> {
        if (Arrays.binarySearch(positions, position) < 0
            && !liesOn(interpolation.at(position, used), answer)) {
          off.add(position);
        }
      });
      return new OpenedKey(keySum, Arrays.stream(positions).boxed().toList(), off);
    }
  }

  private static boolean liesOn(short[] expected, ShareVector answer) {
    for (int i = 0; i < expected.length; i++) {
      int centred = answer.word(i);
      centred -= centred > 32760 ? 65521 : 0;
      if (centred != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
