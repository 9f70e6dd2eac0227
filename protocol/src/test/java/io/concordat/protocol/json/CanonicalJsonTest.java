package io.concordat.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {

  @TestFactory
  Stream<DynamicTest> agreesWithTheVectorsOfAnIndependentImplementation() throws Exception {
    return vectors().stream()
        .filter(c -> c.has("canonical"))
        .map(c ->
            DynamicTest.dynamicTest(
                c.members().get("name") + " " + c.members().get("what"),
                () -> {
                  byte[] expected = HexFormat.of().parseHex(c.string("hex"));
                  Object value = CanonicalJson.read(utf8(c.string("input")));
                  assertThat(CanonicalJson.write(value)).isEqualTo(expected);
                  assertThat(expected).isEqualTo(utf8(c.string("canonical")));
                  assertThat(CanonicalJson.parse(expected)).isEqualTo(value);
                  byte[] digest = MessageDigest.getInstance("SHA-256").digest(expected);
                  assertThat("sha256:" + HexFormat.of().formatHex(digest))
                      .isEqualTo(c.string("sha256"));
                }));
  }

  @TestFactory
  Stream<DynamicTest> refusesWhatTheIndependentImplementationRefuses() throws Exception {
    JsonObject refused =
        vectors().stream().filter(c -> c.has("examples")).findFirst().orElseThrow();
    return refused.objects("examples").stream()
        .map(e ->
            DynamicTest.dynamicTest(
                e.members().get("hex") + " " + e.members().get("why"),
                () ->
                    assertThatThrownBy(
                            () -> CanonicalJson.parse(HexFormat.of().parseHex(e.string("hex"))))
                        .isInstanceOf(DecodeException.class)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":null}",
        "{\"a\":1.5}",
        "{\"a\":1e2}",
        "{\"a\":-0}",
        "{\"a\":9007199254740992}",
        "{\"a\":-9007199254740992}",
        "{\"a\":99999999999999999999999999}",
        "{\"a\":1}x",
        "{\"a\":1}{}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"a\":+1}",
        "{\"a\":tru}",
        "{a:1}",
        "{\"a\":1,}",
        "[1,]",
        "[,1]",
        "{\"a\":'1'}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x41\"}",
        "{\"a\":\"\\u00\"}",
        "\"",
        "{",
        "[",
        "[1",
        "{\"a\"",
        "{\"a\":",
        "-",
        "NaN",
        "//\n1",
        "\u0000",
        "{\"a\":1}\u0000",
        "[1 2]",
        "\"\\u１111\"",
        "{\"a\":\u0661}"
      })
  void refusesEverythingOutsideTheValueSetInAnyLayout(String text) {
    assertThatThrownBy(() -> CanonicalJson.read(utf8(text))).isInstanceOf(DecodeException.class);
    assertThatThrownBy(() -> CanonicalJson.parse(utf8(text))).isInstanceOf(DecodeException.class);
  }

  @Test
  void refusesDeepNestingWithoutSpendingTheStack() {
    assertThatThrownBy(() -> CanonicalJson.parse(utf8("[".repeat(500_000))))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("deeper");
  }

  @Test
  void refusesMoreThanAMebibyte() {
    assertThatThrownBy(() -> CanonicalJson.parse(utf8("\"" + "a".repeat(1 << 20) + "\"")))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("longer");
  }

  @Test
  void refusesToWriteWhatItCouldNotReadBack() {
    for (Object bad : List.of(1.5, 1L << 53, "\ud800", Map.of(1, 2), List.of(3.0f), 'c')) {
      assertThatThrownBy(() -> CanonicalJson.write(bad)).isInstanceOf(InvariantViolation.class);
    }
  }

  /** Whatever one flipped bit does, the result is refused or is another value. */
  @Test
  void noTwoByteStringsParseToTheSameValue() throws Exception {
    byte[] original =
        utf8("{\"a\":[1,-2,\"\\n\\u001f\\\"x/\u00e9\"],\"b\":{\"c\":true},\"d\":\"\"}");
    Object value = CanonicalJson.parse(original);
    for (int bit = 0; bit < original.length * 8; bit++) {
      byte[] altered = original.clone();
      altered[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        assertThat(CanonicalJson.parse(altered)).as("bit %d", bit).isNotEqualTo(value);
      } catch (DecodeException expected) {
        assertThat(expected).hasMessageContaining("JSON");
      }
    }
  }

  @Test
  void randomBytesNeverDoAnythingButParseOrBeRefused() {
    long seed = 20261122;
    Random random = new Random(seed);
    String alphabet = "{}[]\":,\\u0019abtrefals-.eE \n\u00e9\ud83d";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(24); j > 0; j--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      byte[] bytes = utf8(text.toString());
      try {
        assertThat(CanonicalJson.write(CanonicalJson.parse(bytes))).isEqualTo(bytes);
      } catch (DecodeException refused) {
        assertThat(refused.getMessage()).as("seed %d case %d", seed, i).isNotEmpty();
      }
    }
  }

  private static List<JsonObject> vectors() throws IOException, DecodeException {
    try (InputStream in =
        Objects.requireNonNull(
            CanonicalJsonTest.class.getResourceAsStream("/vectors/json_vectors.json"))) {
      return CanonicalJson.readObject(in.readAllBytes()).objects("cases");
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
