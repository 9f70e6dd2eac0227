package io.concordat.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainJsonTest {
  private static Map<?, ?> read(String text) throws DecodeException {
    return PlainJson.readObject(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyDoubleReadsBackToItsBits() throws DecodeException {
    for (double value : List.of(0.0, -0.0, 0.1, 1e300, -4.9e-324, Math.PI, 1.0 / 3)) {
      assertThat(read("{\"x\": " + value + "}").get("x")).isEqualTo(value);
    }
  }

  @Test
  void stringsWithEscapesAreTheTextTheyMean() throws DecodeException {
    assertThat(read(" {\"a\\n\\u00e9\" : [true, \"\\\"\", {}, []]} "))
        .isEqualTo(Map.of("a\né", List.of(true, "\"", Map.of(), List.of())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1} x",
        "{\"a\":null}",
        "{\"a\":NaN}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":+1}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u00g0\"}",
        "{\"a\":\"",
        "{\"a\":[1,]}",
        "{\"a\"}",
        "{\"a\":\"\t\"}"
      })
  void whateverIsNotOnePlainObjectIsRefused(String text) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(DecodeException.class);
  }

  @Test
  void deepNestingIsRefusedWithoutSpendingTheStack() {
    assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(DecodeException.class);
  }
}
