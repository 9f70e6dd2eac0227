package io.concordat.aggregator;

import io.concordat.protocol.request.RequestSigner;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests as nodes make them. */
final class Signed {
  private Signed() {}

  static HttpRequest.Builder request(
      RequestSigner signer, String base, String method, String target, byte @Nullable [] body) {
    HttpRequest.Builder request = plain(base, method, target, body);
    signer.sign(method, target, Optional.ofNullable(body), Instant.now()).forEach(request::header);
    return request;
  }

  static HttpRequest.Builder plain(
      String base, String method, String target, byte @Nullable [] body) {
    return HttpRequest.newBuilder(URI.create(base + target))
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
  }
}
