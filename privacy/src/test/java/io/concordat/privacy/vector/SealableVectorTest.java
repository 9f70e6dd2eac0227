package io.concordat.privacy.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.privacy.noise.NoiseShare;
import io.concordat.privacy.noise.SamplingRate;
import io.concordat.privacy.noise.SeededBits;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SealableVectorTest {

  private static final NoiseShare SHARE = new NoiseShare(1000, 1000, 3, 1);

  @Test
  void onlyNoiseAndGrantMakeAVectorSealable() {
    assertThat(SealableVector.class.getPermittedSubclasses())
        .containsExactlyInAnyOrder(NoisedVector.class, ExactVector.class);
    for (Class<?> type :
        List.of(NoisedVector.class, ExactVector.class, BoundedSum.class, ExactGrant.class)) {
      assertThat(type.getConstructors()).isEmpty();
      assertThat(Modifier.isFinal(type.getModifiers())).isTrue();
    }
    assertThat(
            Arrays.stream(NoiseStep.class.getDeclaredMethods())
                .filter(m -> m.getReturnType() == NoisedVector.class))
        .hasSize(1);
  }

  @Test
  void everyCoordinateGetsNoiseOfTheShare() {
    BoundedSum sum = new CellCounts(20_000, 1000).take().withZeroTail(4096);
    NoisedVector noised =
        NoiseStep.add(sum, NoiseStep.draw(SHARE, sum.length(), new SeededBits(1)));
    double squares = Arrays.stream(noised.values()).mapToDouble(v -> (double) v * v).sum();
    assertThat(squares / noised.length() / 1e6).isBetween(0.95, 1.05);
    assertThat(noised.length()).isEqualTo(24_096);
  }

  @Test
  void noiseIsAddedOnce() {
    DrawnNoise noise = NoiseStep.draw(SHARE, 3, new SeededBits(1));
    NoiseStep.add(new CellCounts(3, 1000).take(), noise);
    assertThatThrownBy(() -> NoiseStep.add(new CellCounts(3, 1000).take(), noise))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("every vector needs its own");
  }

  @Test
  void noiseForASmallerSensitivityIsRefused() {
    DrawnNoise noise = NoiseStep.draw(SHARE, 3, new SeededBits(1));
    assertThatThrownBy(() -> NoiseStep.add(new CellCounts(3, 1001).take(), noise))
        .hasMessageContaining("sized for sensitivity 1000");
    assertThatThrownBy(() -> NoiseStep.add(new CellCounts(4, 1000).take(), noise))
        .hasMessageContaining("noise of 3");
  }

  @Test
  void exactVectorNeedsAPolicyThatSaysYes() {
    assertThatThrownBy(() -> ExactGrant.from(new Decision(false)))
        .hasMessageContaining("allows no exact sums of dataset breast");
    ExactVector vector = ExactVector.of(new long[] {1, 2}, ExactGrant.from(new Decision(true)));
    assertThat(vector.grant().dataset()).isEqualTo("breast");
    vector.wipe();
    assertThat(vector.values()).containsOnly(0);
  }

  private record Decision(boolean exactSumsAllowed) implements ExactDecision {
    @Override
    public String dataset() {
      return "breast";
    }

    @Override
    public String job() {
      return "sha256:00";
    }
  }

  @Test
  void printingShowsNoValues() {
    NoisedVector noised =
        NoiseStep.add(new CellCounts(3, 1000).take(), NoiseStep.draw(SHARE, 3, new SeededBits(1)));
    for (long value : noised.values()) {
      assertThat(noised.toString()).doesNotContain(Long.toString(value));
    }
  }

  @Test
  void patientOfManyRowsWeighsNoMoreThanOne() {
    CellCounts counts = new CellCounts(4, 1024);
    counts.addPatient(0, 1, 1);
    assertThat(counts.take().values()).containsExactly(341, 682, 0, 0);
    assertThat(Arrays.stream(counts.take().values()).sum()).isLessThanOrEqualTo(1024);
  }

  @Test
  void rowsOfOnePersonMakeOneExample() {
    PatientGroups groups = PatientGroups.byId(List.of("b", "a", "b", "c", "b"));
    assertThat(groups.patients()).isEqualTo(3);
    assertThat(groups.rows(0)).containsExactly(0, 2, 4);
    assertThat(groups.meanGradient(0, new double[][] {{3}, {9}, {6}, {9}, {0}})).containsExactly(3);
  }

  @Test
  void layoutHasRoomForEverybodyInOneCoordinate() {
    NoiseShare share = new NoiseShare(1 << 20, 1 << 18, 3, 1);
    int bits = LayoutBits.noised(5000, SamplingRate.ALWAYS, share);
    long largest = 5000L * (1 << 18) + 12L * (1 << 20);
    assertThat((1L << (bits - 1)) - 1).isGreaterThanOrEqualTo(largest);
    assertThat((1L << (bits - 2)) - 1).isLessThan(largest);
    assertThat(LayoutBits.noised(5000, SamplingRate.parse("0.01"), share)).isLessThan(bits);
  }
}
