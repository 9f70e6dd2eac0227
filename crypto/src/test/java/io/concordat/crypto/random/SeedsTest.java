package io.concordat.crypto.random;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.rlwe.RoundContext;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SeedsTest {
  private static final VectorCase EXPECTED = Vectors.named("seed/seal");

  @Test
  void contextIsTheDomainSeparatedHashOfTheAnnouncement() throws DecodeException {
    VectorCase example = Vectors.named("context/example");
    RoundContext context = RoundContext.of(example.hex("announcementHex"));
    assertThat(context.bytes()).isEqualTo(example.hex("context"));
    assertThat(RoundContext.parse(context.toString())).isEqualTo(context);
    byte[] a = {'a'};
    assertThat(Hkdf.sha512(context.bytes(), a, 32)).isEqualTo(example.hex("keyA"));
  }

  @Test
  void hedgedSeedsAreThoseOfTheVectors() throws DecodeException {
    assertThat(seal(EXPECTED.hex("randomness"), EXPECTED.number("counter")))
        .isEqualTo(EXPECTED.hex("seed"));
  }

  /**
   * The vectors' "dpSeed" was made without a dataset digest in the label; the written rule has one,
   * and the rule is followed. With an empty digest the composition is the vectors' own.
   */
  @Test
  void noiseSeedsDifferFromSealSeedsAndBetweenDatasets() throws DecodeException {
    byte[] both =
        ByteBuffer.allocate(64)
            .put(EXPECTED.hex("randomness"))
            .put(EXPECTED.hex("nodeSecret"))
            .array();
    byte[] dp = {'d', 'p'};
    byte[] withoutDataset =
        ByteBuffer.allocate(74).put(dp).put(EXPECTED.hex("context")).putLong(7).array();
    assertThat(Hkdf.sha512(both, withoutDataset, 64)).isEqualTo(EXPECTED.hex("dpSeed"));

    byte[] withDataset =
        ByteBuffer.allocate(106)
            .put(dp)
            .put(EXPECTED.hex("context"))
            .put(Digests.sha256("records").bytes())
            .putLong(7)
            .array();
    assertThat(noise(Digests.sha256("records")))
        .isEqualTo(Hkdf.sha512(both, withDataset, 64))
        .isNotEqualTo(noise(Digests.sha256("other records")));
  }

  @Test
  void labelledStreamsAreThoseOfTheVectors() {
    byte[] seed = EXPECTED.hex("seed");
    VectorCase streams = EXPECTED.object("substreams");
    same(LabelledStream.of(seed, "key"), streams.object("key"));
    same(LabelledStream.ofBlock(seed, "error", 0), streams.object("error 0"));
    same(LabelledStream.ofBlock(seed, "error", 1), streams.object("error 1"));
    same(LabelledStream.ofBlock(seed, "error", -1), streams.object("error check"));
    BlockKeys keys = new BlockKeys(seed, "error");
    byte[] key = new byte[32];
    for (int block : new int[] {0, 1, -1, 0x01020304}) {
      keys.key(block, key);
      assertThat(new CounterStream(key, new byte[16]).read(40))
          .as("block %d", block)
          .isEqualTo(LabelledStream.ofBlock(seed, "error", block).read(40));
    }
    same(LabelledStream.of(seed, "share"), streams.object("share"));
    same(LabelledStream.ofPosition(seed, "box", 1), streams.object("box 1"));
    same(LabelledStream.ofPosition(seed, "box", 4), streams.object("box 4"));
  }

  @Test
  void repeatedSystemRandomnessStillSeparatesSeals() throws DecodeException {
    byte[] stuck = new byte[32];
    assertThat(seal(stuck, 1)).isNotEqualTo(seal(stuck, 2));
    byte[] secret = new byte[32];
    Digest vector = Digests.sha256("vector");
    byte[] first = SealSeed.derive(out -> {}, secret, RoundContext.of(new byte[] {1}), vector, 1);
    byte[] second = SealSeed.derive(out -> {}, secret, RoundContext.of(new byte[] {2}), vector, 1);
    for (String label : new String[] {"key", "share"}) {
      assertThat(LabelledStream.of(first, label).read(64))
          .isNotEqualTo(LabelledStream.of(second, label).read(64));
    }
  }

  @Test
  void streamsDoNotDependOnHowTheyAreRead() {
    LabelledStream whole = LabelledStream.of(new byte[64], "key");
    LabelledStream pieces = LabelledStream.of(new byte[64], "key");
    byte[] expected = whole.read(100_000);
    byte[] found = new byte[expected.length];
    for (int at = 0, step = 1; at < found.length; at += step, step = step * 3 % 40_009) {
      step = Math.min(step, found.length - at);
      pieces.read(found, at, step);
    }
    assertThat(found).isEqualTo(expected);
  }

  /** RFC 5869 has no SHA-512 case; these are the first test inputs of it under SHA-512. */
  @Test
  void hkdfAgreesWithThePlatformsOwn() throws Exception {
    byte[] key = HexFormat.of().parseHex("0b".repeat(22));
    byte[] info = HexFormat.of().parseHex("f0f1f2f3f4f5f6f7f8f9");
    javax.crypto.KDF platform = javax.crypto.KDF.getInstance("HKDF-SHA512");
    for (int length : new int[] {1, 32, 64, 65, 200}) {
      byte[] expected =
          platform.deriveData(
              javax.crypto.spec.HKDFParameterSpec.ofExtract().addIKM(key).thenExpand(info, length));
      assertThat(Hkdf.sha512(key, info, length)).isEqualTo(expected);
    }
  }

  private static byte[] seal(byte[] fresh, long counter) throws DecodeException {
    return SealSeed.derive(
        out -> System.arraycopy(fresh, 0, out, 0, out.length),
        EXPECTED.hex("nodeSecret"),
        RoundContext.parse("sha512:" + EXPECTED.string("context")),
        Digest.of(EXPECTED.hex("vectorDigest")),
        counter);
  }

  private static byte[] noise(Digest dataset) throws DecodeException {
    return NoiseSeed.derive(
        out -> System.arraycopy(EXPECTED.hex("randomness"), 0, out, 0, out.length),
        EXPECTED.hex("nodeSecret"),
        RoundContext.parse("sha512:" + EXPECTED.string("context")),
        dataset,
        7);
  }

  private static void same(LabelledStream stream, VectorCase expected) {
    assertThat(Arrays.copyOf(stream.read(48), 32)).isEqualTo(expected.hex("first32"));
  }
}
