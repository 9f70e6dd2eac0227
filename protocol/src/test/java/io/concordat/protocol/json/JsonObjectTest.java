package io.concordat.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.InvariantViolation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class JsonObjectTest {

  @Test
  void whatWasBuiltIsReadBackFieldByField() throws Exception {
    byte[] bytes =
        JsonObject.builder()
            .put("when", Instant.parse("2026-10-01T00:00:00Z"))
            .put("count", 3)
            .put("key", new byte[] {1, 2, (byte) 0xff})
            .put("layout", JsonObject.builder().put("bits", 16).build())
            .put("list", List.of(JsonObject.builder().put("silo", "charite").build()))
            .put("positions", List.of(1, 2))
            .put("yes", true)
            .bytes();
    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"count\":3,\"key\":\"AQL_\",\"layout\":{\"bits\":16},\"list\":[{\"silo\":\"charite\"}],"
                + "\"positions\":[1,2],\"when\":\"2026-10-01T00:00:00Z\",\"yes\":true}");
    JsonObject read = CanonicalJson.parseObject(bytes);
    assertThat(read.only("when", "count", "key", "layout", "list", "positions", "yes").bytes())
        .isEqualTo(bytes);
    assertThat(read.instant("when")).isEqualTo(Instant.parse("2026-10-01T00:00:00Z"));
    assertThat(read.integer("count", 0, 3)).isEqualTo(3);
    assertThat(read.bytes("key", 3)).containsExactly(1, 2, 0xff);
    assertThat(read.object("layout").smallInteger("bits", 2, 62)).isEqualTo(16);
    assertThat(read.objects("list").getFirst().id("silo")).isEqualTo("charite");
    assertThat(read.integers("positions", 1, 32)).containsExactly(1L, 2L);
    assertThat(read.bool("yes")).isTrue();
  }

  @Test
  void errorsNameTheFieldByItsPathAndWhatWasExpected() throws Exception {
    JsonObject o =
        object("{\"a\":{\"b\":[{\"c\":\"UPPER\"}]},\"k\":\"AB==\",\"n\":5,\"t\":\"2026-10-01\"}");
    refuses(() -> o.string("n"), "field n: expected a string");
    refuses(() -> o.integer("n", 0, 4), "field n: expected an integer from 0 to 4");
    refuses(() -> o.integer("missing", 0, 4), "field missing: is missing");
    refuses(() -> o.object("a").objects("b").getFirst().id("c"), "field a.b[0].c: expected an id");
    refuses(() -> o.bytes("k"), "field k: expected base64url");
    refuses(() -> o.instant("t"), "field t: expected a UTC time");
    refuses(() -> o.only("a", "k", "n"), "field t: is not a known field");
    refuses(() -> o.object("a").strings("b"), "field a.b[0]: expected a string");
  }

  @Test
  void refusesOtherSpellingsOfTheSameBytesDigestOrTime() throws Exception {
    refuses(() -> object("{\"k\":\"AR\"}").bytes("k"), "base64url");
    refuses(() -> object("{\"k\":\"+/8\"}").bytes("k"), "base64url");
    refuses(() -> object("{\"d\":\"sha256:AB\"}").hex("d", "sha256:", 1), "hexadecimal");
    refuses(
        () -> object("{\"t\":\"2026-10-01T00:00:00.000Z\"}").instant("t"), "expected a UTC time");
    refuses(
        () -> object("{\"t\":\"2026-10-01T02:00:00+02:00\"}").instant("t"), "expected a UTC time");
  }

  @Test
  void refusesToPutAMemberTwice() {
    assertThatThrownBy(() -> JsonObject.builder().put("a", 1).put("a", 1))
        .isInstanceOf(InvariantViolation.class);
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(DecodeException.class).hasMessageContaining(message);
  }

  private static JsonObject object(String text) throws DecodeException {
    return CanonicalJson.parseObject(text.getBytes(StandardCharsets.UTF_8));
  }
}
