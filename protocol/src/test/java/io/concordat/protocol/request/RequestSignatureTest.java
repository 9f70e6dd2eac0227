package io.concordat.protocol.request;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.refusal.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RequestSignatureTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Duration TOLERANCE = Duration.ofMinutes(2);
  private static final SigningKey KEY = key("charite");
  private static final byte[] BODY = "{\"type\":\"acceptance\"}".getBytes(US_ASCII);
  private static final String TARGET = "/node/v1/statements?a=b%20c";

  private final ReplayWindow window = new ReplayWindow(TOLERANCE, NOW.minusSeconds(3600));
  private final RequestVerifier verifier =
      new RequestVerifier(
          "cardio-eu",
          key -> key.equals(KEY.verifyingKey()) ? Optional.of("charite") : Optional.empty(),
          window);
  private int drawn;

  private static SigningKey key(String label) {
    return SigningKey.fromSeed(Digests.sha256(label.getBytes(US_ASCII)).bytes());
  }

  private RequestSigner signer(SigningKey key, String federation) {
    return new RequestSigner(
        federation, key.verifyingKey(), key::signForeign, out -> Arrays.fill(out, (byte) ++drawn));
  }

  private static RequestHead head(String method, String target, Map<String, String> fields) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    fields.forEach((name, value) -> all.put(name, List.of(value)));
    return RequestHead.of(method, "aggregator.example", target, all);
  }

  private Map<String, String> signed() {
    return signer(KEY, "cardio-eu").sign("POST", TARGET, Optional.of(BODY), NOW);
  }

  private Code refusal(RequestHead head, Instant at) {
    return verifier.check(head, at) instanceof RequestCheck.Refused refused
        ? refused.reason().code()
        : Code.REQUEST_UNKNOWN;
  }

  /** RFC 9421 B.1.4 and B.2.6. */
  @Test
  void givesTheSignatureOfTheStandardsExample() throws Exception {
    byte[] pkcs8 =
        Base64.getDecoder()
            .decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF");
    SigningKey key = SigningKey.fromSeed(Arrays.copyOfRange(pkcs8, 16, 48));
    byte[] spki =
        Base64.getDecoder().decode("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=");
    assertThat(key.verifyingKey().bytes()).isEqualTo(Arrays.copyOfRange(spki, 12, 44));
    RequestHead request =
        head(
            "POST",
            "/foo?param=Value&Pet=dog",
            Map.of(
                "Date", "Tue, 20 Apr 2021 02:07:55 GMT",
                "Content-Type", "application/json",
                "Content-Length", "18"));
    request =
        new RequestHead("POST", "example.com", request.path(), request.query(), request.fields());
    String field =
        "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"
            + ";created=1618884473;keyid=\"test-key-ed25519\"";
    SignatureInput input = SignatureInput.parse(field);
    assertThat(input.text()).isEqualTo(field);
    assertThat(new String(input.base(request), US_ASCII))
        .isEqualTo(
            """
            "date": Tue, 20 Apr 2021 02:07:55 GMT
            "@method": POST
            "@path": /foo
            "@authority": example.com
            "content-type": application/json
            "content-length": 18
            "@signature-params": ("date" "@method" "@path" "@authority" "content-type"\
             "content-length");created=1618884473;keyid="test-key-ed25519\"\
            """);
    assertThat(ByteSequence.write("sig-b26", key.signForeign(input.base(request))))
        .isEqualTo(
            "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQ"
                + "v5lIp5WPpBKRCw==:");
  }

  /** RFC 9530 appendix D (the same body in RFC 9421 B.2). */
  @Test
  void givesTheDigestOfTheStandardsExample() throws Exception {
    String field = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
    byte[] body = "{\"hello\": \"world\"}".getBytes(US_ASCII);
    assertThat(ContentDigest.write(Digests.sha256(body))).isEqualTo(field);
    assertThat(ContentDigest.read(field)).isEqualTo(Digests.sha256(body));
  }

  @Test
  void acceptsWhatANodeSigned() {
    assertThat(verifier.check(head("POST", TARGET, signed()), NOW))
        .isEqualTo(
            new RequestCheck.Accepted(
                "charite", KEY.verifyingKey(), Optional.of(Digests.sha256(BODY))));
    Map<String, String> get =
        signer(KEY, "cardio-eu").sign("GET", "/node/v1/work", Optional.empty(), NOW);
    assertThat(verifier.check(head("GET", "/node/v1/work", get), NOW))
        .isEqualTo(new RequestCheck.Accepted("charite", KEY.verifyingKey(), Optional.empty()));
  }

  @Test
  void refusesTheSameRequestASecondTime() {
    RequestHead request = head("POST", TARGET, signed());
    assertThat(refusal(request, NOW)).isEqualTo(Code.REQUEST_UNKNOWN);
    assertThat(refusal(request, NOW)).isEqualTo(Code.REQUEST_REPLAYED);
    assertThat(refusal(request, NOW.plus(TOLERANCE))).isEqualTo(Code.REQUEST_REPLAYED);
    assertThat(refusal(request, NOW.plus(TOLERANCE).plusSeconds(1))).isEqualTo(Code.REQUEST_CLOCK);
  }

  @Test
  void refusesAnyChangeOfMethodPathQueryDigestOrParameters() {
    Map<String, String> good = signed();
    List<RequestHead> changed = new ArrayList<>();
    changed.add(head("PUT", TARGET, good));
    changed.add(head("POST", "/node/v1/statement?a=b%20c", good));
    changed.add(head("POST", "/node/v1/statements?a=b+c", good));
    changed.add(head("POST", "/node/v1/statements", good));
    change(changed, good, "Content-Digest", v -> ContentDigest.write(Digests.sha256("x")));
    change(changed, good, "Content-Digest", v -> "");
    change(changed, good, "Signature-Input", v -> v.replace("created=1", "created=2"));
    change(changed, good, "Signature-Input", v -> v.replace("nonce=\"", "nonce=\"A"));
    change(changed, good, "Signature-Input", v -> v.replace(" \"@query\"", ""));
    change(changed, good, "Signature-Input", v -> v.replace(" \"content-digest\"", ""));
    change(changed, good, "Signature-Input", v -> v.replace("ed25519\"", "rsa\""));
    change(changed, good, "Signature-Input", v -> v.replace("cardio-eu", "cardio-us"));
    change(changed, good, "Signature-Input", v -> v + ", other=();created=1");
    change(changed, good, "Signature-Input", v -> v.replace("node=", "sig1="));
    change(changed, good, "Signature", v -> v.substring(0, 10) + "AAAA" + v.substring(14));
    change(changed, good, "Signature", v -> "");
    for (RequestHead head : changed) {
      assertThat(refusal(head, NOW))
          .as(head.toString())
          .isIn(Code.REQUEST_SIGNATURE, Code.REQUEST_CLOCK);
    }
    assertThat(refusal(head("POST", TARGET, good), NOW))
        .as("none of them used the nonce up")
        .isEqualTo(Code.REQUEST_UNKNOWN);
  }

  private static void change(
      List<RequestHead> into,
      Map<String, String> good,
      String field,
      UnaryOperator<String> change) {
    Map<String, String> copy = new LinkedHashMap<>(good);
    String changed = change.apply(String.valueOf(good.get(field)));
    if (changed.isEmpty()) {
      copy.remove(field);
    } else {
      copy.put(field, changed);
    }
    into.add(head("POST", TARGET, copy));
  }

  @Test
  void refusesEveryFlippedCharacterOfTheFields() {
    Map<String, String> good = signed();
    for (String field : good.keySet()) {
      String value = good.get(field);
      for (int i = 0; i < value.length(); i++) {
        Map<String, String> copy = new LinkedHashMap<>(good);
        copy.put(
            field, value.substring(0, i) + (char) (value.charAt(i) ^ 1) + value.substring(i + 1));
        assertThat(verifier.check(head("POST", TARGET, copy), NOW))
            .as(field + " at " + i)
            .isInstanceOf(RequestCheck.Refused.class);
      }
    }
  }

  @Test
  void refusesStrangersAndOtherFederations() {
    assertThat(
            refusal(
                head(
                    "POST",
                    TARGET,
                    signer(key("stranger"), "cardio-eu")
                        .sign("POST", TARGET, Optional.of(BODY), NOW)),
                NOW))
        .isEqualTo(Code.REQUEST_SIGNATURE);
    assertThat(
            refusal(
                head(
                    "POST",
                    TARGET,
                    signer(KEY, "cardio-us").sign("POST", TARGET, Optional.of(BODY), NOW)),
                NOW))
        .isEqualTo(Code.REQUEST_SIGNATURE);
    assertThat(refusal(head("GET", TARGET, Map.of()), NOW)).isEqualTo(Code.REQUEST_SIGNATURE);
  }

  @Test
  void namesTheToleranceWhenClocksDiffer() {
    for (Instant signedAt : List.of(NOW.minusSeconds(121), NOW.plusSeconds(121))) {
      Map<String, String> fields =
          signer(KEY, "cardio-eu").sign("GET", "/x", Optional.empty(), signedAt);
      assertThat(verifier.check(head("GET", "/x", fields), NOW))
          .isInstanceOfSatisfying(
              RequestCheck.Refused.class,
              refused -> {
                assertThat(refused.reason().code()).isEqualTo(Code.REQUEST_CLOCK);
                assertThat(refused.reason().detail())
                    .contains("121 s")
                    .contains("clocks may differ by 120 s");
              });
    }
    for (Instant signedAt : List.of(NOW.minusSeconds(120), NOW.plusSeconds(120))) {
      Map<String, String> fields =
          signer(KEY, "cardio-eu").sign("GET", "/x", Optional.empty(), signedAt);
      assertThat(refusal(head("GET", "/x", fields), NOW)).isEqualTo(Code.REQUEST_UNKNOWN);
    }
  }

  @Test
  void acceptsNothingThatAnEarlierProcessMayHaveSeen() {
    ReplayWindow young = new ReplayWindow(TOLERANCE, NOW);
    assertThat(young.take("k", "n", NOW.getEpochSecond(), NOW))
        .isEqualTo(ReplayWindow.Verdict.BEFORE_START);
    assertThat(young.take("k", "n", NOW.getEpochSecond() + 1, NOW.plusSeconds(1)))
        .isEqualTo(ReplayWindow.Verdict.FRESH);
  }

  @Test
  void forgetsNoncesThatNoFreshRequestCanCarry() {
    for (int second = 0; second < 1000; second++) {
      Instant at = NOW.plusSeconds(second);
      assertThat(window.take("k", "n", at.getEpochSecond(), at))
          .isEqualTo(ReplayWindow.Verdict.FRESH);
    }
    assertThat(window.size()).isEqualTo(121);
  }

  @Test
  void aFloodOfOneKeyIsBoundedAndKeepsNobodyElseOut() {
    ReplayWindow.Verdict last = ReplayWindow.Verdict.FRESH;
    for (int i = 0; i < 120_001; i++) {
      last = window.take("flood", "n" + i, NOW.getEpochSecond(), NOW);
    }
    assertThat(last).isEqualTo(ReplayWindow.Verdict.TOO_MANY);
    assertThat(window.take("other", "n", NOW.getEpochSecond(), NOW))
        .isEqualTo(ReplayWindow.Verdict.FRESH);
  }

  @Test
  void reportsTheEndOfTheSignedBodyOnly() throws Exception {
    byte[] body = new byte[100_000];
    Arrays.fill(body, (byte) 7);
    CheckedBody good = new CheckedBody(new ByteArrayInputStream(body), Digests.sha256(body));
    assertThat(good.readAllBytes()).isEqualTo(body);
    for (byte[] wrong :
        List.of(Arrays.copyOf(body, 99_999), Arrays.copyOf(body, 100_001), new byte[0])) {
      CheckedBody bad = new CheckedBody(new ByteArrayInputStream(wrong), Digests.sha256(body));
      assertThatThrownBy(bad::readAllBytes).isInstanceOf(CheckedBody.MismatchException.class);
    }
    CheckedBody halfRead =
        new CheckedBody(
            new ByteArrayInputStream(Arrays.copyOf(body, 99_999)), Digests.sha256(body));
    assertThat(halfRead.readNBytes(10)).hasSize(10);
    assertThatThrownBy(halfRead::finish).isInstanceOf(IOException.class);
  }

  @Test
  void refusesSecondSpellingsOfAField() {
    for (String bad :
        List.of(
            "",
            "node",
            "node=()x",
            "node=(\"@method\"  \"@path\");created=1",
            "node=(\"@method\" );created=1",
            "node=( \"@method\");created=1",
            "node=(\"@method\");created=01",
            "node=(\"@method\");created=-1",
            "node=(\"@method\");created=1;created=1",
            "node=(\"@method\");nonce=\"a\\\"b\"",
            "node=(\"@method\");nonce=\"a",
            "Node=(\"@method\")",
            "node=(\"@method\";sf)",
            "node=(\"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\" \"a\")",
            "n=" + "x".repeat(2000))) {
      assertThatThrownBy(() -> SignatureInput.parse(bad))
          .as(bad)
          .isInstanceOf(DecodeException.class);
    }
  }
}
