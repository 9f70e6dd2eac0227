package io.concordat.nativekernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.ring.NttTables;
import io.concordat.crypto.ring.PrimeSearch;
import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import io.concordat.crypto.ring.kernel.RingKernel;
import io.concordat.crypto.ring.kernel.RingKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class NativeKernelsTest {
  private static final Modulus PRIME = PrimeSearch.largest(1, 50, 8192).get(0);

  @Test
  void areOfferedByNameWithAReasonWhereTheyCannotRun() {
    for (NativeVariant variant : NativeVariant.values()) {
      List<RingKernels.Offer> found =
          RingKernels.offers().stream()
              .filter(offer -> offer.name().equals(variant.kernelName()))
              .toList();
      assertThat(found).hasSize(1);
      assertThat(found.getFirst().kernel() == null).isEqualTo(!found.getFirst().reason().isEmpty());
    }
  }

  @Test
  void sayWhatIsMissingWhenTheLibraryIs() {
    for (int again = 0; again < 2; again++) {
      assertThatThrownBy(() -> NativeLibrary.load("no_such_kernel"))
          .isInstanceOf(KernelUnavailableException.class)
          .hasMessageContaining("no_such_kernel");
    }
  }

  /** Each call would touch memory outside an array if C were asked; Java must end it before. */
  @Test
  void endMalformedCallsInExceptionsAndNeverInACrash() {
    RingKernel kernel = Opened.orSkipped(new PortableKernelProvider());
    NttTables tables = new NttTables(PRIME, 64);
    long[] values = new long[64];
    int[] wild = {Integer.MIN_VALUE, -1, 1, 64, 65, Integer.MAX_VALUE};
    List<Runnable> calls = new ArrayList<>();
    for (int at : wild) {
      calls.add(() -> kernel.forward(tables, values, at));
      calls.add(() -> kernel.inverse(tables, values, at));
      calls.add(() -> kernel.multiply(PRIME, values, at, values, 0, values, 0, 64));
      calls.add(() -> kernel.multiply(PRIME, values, 0, values, at, values, 0, 64));
      calls.add(() -> kernel.multiplyAdd(PRIME, values, 0, values, 0, values, at, 64));
      calls.add(() -> kernel.add(PRIME, values, at, values, 0, 64));
      calls.add(() -> kernel.addScaled(PRIME, values, 0, 1, values, at, 64));
      calls.add(() -> kernel.lift(PRIME, new short[64], at, values, 0, 64));
      calls.add(() -> kernel.addSmall(PRIME, new short[64], 0, values, at, 64));
      calls.add(() -> kernel.innerProduct(PRIME, values, 0, values, at, 64));
      calls.add(() -> kernel.packWords(values, 0, 64, new byte[400], at));
      calls.add(() -> kernel.unpackWords(PRIME, new byte[400], at, values, 0, 64));
    }
    for (int count : new int[] {Integer.MIN_VALUE, -1, 65, Integer.MAX_VALUE}) {
      calls.add(() -> kernel.multiply(PRIME, values, 0, values, 0, values, 0, count));
      calls.add(() -> kernel.add(PRIME, values, 0, values, 0, count));
      calls.add(() -> kernel.innerProduct(PRIME, values, 0, values, 0, count));
      calls.add(() -> kernel.packWords(values, 0, count, new byte[400], 0));
      calls.add(() -> kernel.unpackWords(PRIME, new byte[400], 0, values, 0, count));
    }
    for (Runnable call : calls) {
      assertThatThrownBy(call::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(values).containsOnly(0);
  }

  @Test
  void refusePrimesTheyCannotTake() {
    RingKernel kernel = Opened.orSkipped(new PortableKernelProvider());
    Modulus wide = PrimeSearch.largest(1, 60, 64).get(0);
    long[] values = new long[64];
    assertThatThrownBy(() -> kernel.forward(new NttTables(wide, 64), values, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> kernel.multiply(wide, values, 0, values, 0, values, 0, 64))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> kernel.addScaled(PRIME, values, 0, -1, values, 0, 64))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Residues out of range are the caller's fault; they may give any number, and only that. */
  @Test
  void touchNothingElseWhenResiduesAreNotResidues() {
    for (NativeVariant variant : NativeVariant.values()) {
      RingKernel kernel;
      try {
        kernel = variant.open();
      } catch (KernelUnavailableException e) {
        continue;
      }
      NttTables tables = new NttTables(PRIME, 1024);
      long[] values = new long[1024 + 16];
      Arrays.fill(values, -1L);
      kernel.forward(tables, values, 8);
      kernel.inverse(tables, values, 8);
      for (int i = 0; i < 8; i++) {
        assertThat(new long[] {values[i], values[1032 + i]}).containsOnly(-1L);
      }
    }
  }

  @Test
  void workOffLongOperandsInSteps() {
    RingKernel kernel = Opened.orSkipped(new PortableKernelProvider());
    int count = 200_003;
    long[] x = new long[count];
    Arrays.setAll(x, i -> PRIME.power(5, i + 1L));
    long expected = 0;
    for (long value : x) {
      expected = PRIME.add(expected, PRIME.multiply(value, value));
    }
    assertThat(kernel.innerProduct(PRIME, x, 0, x, 0, count)).isEqualTo(expected);
    byte[] packed = new byte[(int) ((50L * count + 7) / 8)];
    kernel.packWords(x, 0, count, packed, 0);
    long[] back = new long[count];
    assertThat(kernel.unpackWords(PRIME, packed, 0, back, 0, count)).isTrue();
    assertThat(back).isEqualTo(x);
    long[] sum = x.clone();
    kernel.add(PRIME, x, 0, sum, 0, count);
    assertThat(sum[count - 1]).isEqualTo(PRIME.add(x[count - 1], x[count - 1]));
  }

  @Test
  void serveManyThreadsAtOnce() throws Exception {
    RingKernel kernel = Opened.orSkipped(new PortableKernelProvider());
    NttTables tables = new NttTables(PRIME, 4096);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> outcomes = new ArrayList<>();
      for (int t = 0; t < 32; t++) {
        long start = t;
        Callable<Boolean> task =
            () -> {
              long[] input = new long[4096];
              Arrays.setAll(input, i -> start + i);
              long[] values = input.clone();
              kernel.forward(tables, values, 0);
              kernel.inverse(tables, values, 0);
              return Arrays.equals(values, input);
            };
        outcomes.add(threads.submit(task));
      }
      for (Future<Boolean> outcome : outcomes) {
        assertThat(outcome.get()).isTrue();
      }
    }
  }
}
