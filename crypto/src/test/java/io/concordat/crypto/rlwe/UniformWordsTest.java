package io.concordat.crypto.rlwe;

import static org.assertj.core.api.Assertions.assertThat;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.random.Hkdf;
import io.concordat.crypto.ring.Modulus;
import io.concordat.crypto.vectors.VectorCase;
import io.concordat.crypto.vectors.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class UniformWordsTest {
  @Test
  void publicPolynomialsAreThoseOfTheVectorsRejectionIncluded() throws DecodeException {
    boolean skipped = false;
    for (VectorCase c : Vectors.under("public/")) {
      RoundContext context = RoundContext.parse("sha512:" + c.string("context"));
      Place place = Place.of(c);
      long[] words = new long[place.set.ringDegree()];
      UniformWords.ofRound(context)
          .polynomial(place.block, place.prime, place.modulus(), words, 0, words.length);
      assertSame(c, words);
      skipped |= c.number("wordsSkipped") > 0;
    }
    assertThat(skipped).as("a case reaches the rejection").isTrue();
  }

  @Test
  void fingerprintWordsAreThoseOfTheVectors() {
    for (VectorCase c : Vectors.under("rho/")) {
      Place place = Place.of(c);
      long[] words = new long[place.set.ringDegree()];
      UniformWords.ofManifest(c.hex("manifestDigest"))
          .check(place.block, place.prime, place.copy, place.modulus(), words, 0, words.length);
      assertSame(c, words);
    }
    VectorCase key = Vectors.named("fingerprint/key");
    byte[] label = "check".getBytes(StandardCharsets.US_ASCII);
    assertThat(Hkdf.sha512(key.hex("manifestDigest"), label, 32)).isEqualTo(key.hex("keyCheck"));
  }

  @Test
  void aShortBlockUsesTheFirstWords() {
    for (ParameterSet set : ParameterSet.all()) {
      UniformWords words = UniformWords.ofManifest(Digests.sha256("manifest").bytes());
      long[] all = new long[set.ringDegree()];
      long[] few = new long[20];
      Modulus p = set.primes().get(1);
      words.check(7, 1, 2, p, all, 0, all.length);
      words.check(7, 1, 2, p, few, 3, 17);
      assertThat(Arrays.copyOfRange(few, 3, 20)).isEqualTo(Arrays.copyOf(all, 17));
    }
  }

  private static void assertSame(VectorCase c, long[] words) {
    assertThat(Arrays.copyOf(words, 8)).as(c.toString()).isEqualTo(c.longs("first8"));
    ByteBuffer bytes = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(words);
    assertThat(Digests.sha256(bytes.array()).hex()).isEqualTo(c.string("sha256"));
  }

  /** Where the words stand, read from a case's name: public/SET/block-B/prime-J. */
  private record Place(ParameterSet set, int block, int prime, int copy) {
    static Place of(VectorCase c) {
      String[] parts = c.string("name").split("/");
      return new Place(
          ParameterSet.byId(parts[1]).orElseThrow(),
          Integer.parseUnsignedInt(parts[2].substring("block-".length())),
          Integer.parseInt(parts[3].substring("prime-".length())),
          parts.length > 4 ? Integer.parseInt(parts[4].substring("copy-".length())) : 0);
    }

    Modulus modulus() {
      return set.primes().get(prime);
    }
  }
}
