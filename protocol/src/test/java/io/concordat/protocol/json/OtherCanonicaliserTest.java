package io.concordat.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;

/** RFC 8785's reference implementation in Java writes the same bytes. */
class OtherCanonicaliserTest {
  private static final String ALPHABET =
      "aZ9_\u0000\u0007\b\t\n\f\r\u001f \"\\/\u007f\u0080\u00e9\u20ac\u2028\ufb33\ufffe";

  @Test
  void agreesWithTheReferenceImplementationOnRandomValues() throws Exception {
    long seed = 8785;
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      Map<String, Object> value = object(random, 0);
      byte[] ours = CanonicalJson.write(value);
      String text = new String(ours, java.nio.charset.StandardCharsets.UTF_8);
      assertThat(new JsonCanonicalizer(text).getEncodedUTF8())
          .as("seed %d case %d", seed, i)
          .isEqualTo(ours);
      assertThat(CanonicalJson.parse(ours)).isEqualTo(value);
    }
  }

  private static Map<String, Object> object(Random random, int depth) {
    Map<String, Object> out = new HashMap<>();
    for (int n = random.nextInt(6); n > 0; n--) {
      out.put(string(random), value(random, depth + 1));
    }
    return out;
  }

  private static Object value(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 3 : 5)) {
      case 0 -> string(random);
      case 1 -> (random.nextLong() >> 11) * (random.nextBoolean() ? 1 : 0);
      case 2 -> random.nextBoolean();
      case 3 -> object(random, depth);
      default -> {
        List<Object> list = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
    };
  }

  private static String string(Random random) {
    StringBuilder out = new StringBuilder();
    for (int n = random.nextInt(5); n > 0; n--) {
      if (random.nextInt(6) == 0) {
        out.appendCodePoint(0x10000 + random.nextInt(0x100000));
      } else {
        out.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
    }
    return out.toString();
  }
}
