package io.concordat.silonode.link;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.DigestTree;
import io.concordat.homes.PolicyFolder;
import io.concordat.protocol.contribution.Fetcher;
import io.concordat.protocol.core.Blobs;
import io.concordat.protocol.core.Cursor;
import io.concordat.protocol.core.Outgoing;
import io.concordat.protocol.core.Store;
import io.concordat.protocol.core.WorkItem;
import io.concordat.protocol.core.WorkReply;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.json.JsonObject;
import io.concordat.protocol.refusal.Code;
import io.concordat.protocol.refusal.Refusal;
import io.concordat.protocol.request.RequestSigner;
import io.concordat.protocol.statement.SignedStatement;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Speaks {@code /node/v1}. Thread-safe; connections are kept and shared.
 *
 * <p>Bounds: an answer is read to a fixed number of bytes and no further, so a wrong server cannot
 * fill the node's memory.
 */
public final class AggregatorLink implements Fetcher, AutoCloseable {
  /** A reply holds log entries, boxes of one round and at most one small sum. */
  private static final int MAX_REPLY_BYTES = 64 << 20;

  private static final int MAX_PROBLEM_BYTES = 64 << 10;
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final Dialler dialler;
  private final RequestSigner signer;
  private final InstantSource clock;

  /**
   * @param base the aggregator's address
   * @param dialler makes the connections
   * @param signer signs each request with the node key
   */
  public AggregatorLink(URI base, Dialler dialler, RequestSigner signer, InstantSource clock) {
    if (!"https".equals(base.getScheme())) {
      throw new IllegalArgumentException("the aggregator's address begins with https, not " + base);
    }
    this.base = base;
    this.dialler = dialler;
    this.signer = signer;
    this.clock = clock;
  }

  /** The aggregator answered with a status that is no success. */
  public static final class ProblemException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient Refusal refusal;

    ProblemException(int status, Refusal refusal) {
      super("status " + status + ", " + refusal);
      this.status = status;
      this.refusal = refusal;
    }

    public Refusal refusal() {
      return refusal;
    }

    /**
     * Whether repeating the same request cannot help. One that was not recognised as this node's is
     * signed anew each time: a clock that is set right, or a renewed certificate, does help.
     */
    public boolean isFinal() {
      return status >= 400 && status < 500 && status != 401 && status != 408 && status != 429;
    }
  }

  /**
   * Waits for something new.
   *
   * @return empty if nothing came within {@code wait}
   */
  public Optional<WorkReply> poll(Cursor after, Duration wait)
      throws IOException, InterruptedException {
    return reply(get(work(after, wait), wait.plus(ANSWER)));
  }

  /**
   * The same, and brings messages. What became of them is in this reply or a later one.
   *
   * @param messages none of them an upload
   * @throws ProblemException if the request as a whole was refused: nothing of it was taken
   */
  public Optional<WorkReply> poll(
      Cursor after, Duration wait, List<Outgoing> messages, Store rows, Blobs blobs)
      throws IOException, InterruptedException {
    List<JsonObject> bodies = new ArrayList<>();
    for (Outgoing message : messages) {
      bodies.add(body(message, rows, blobs).put("id", message.id()).build());
    }
    byte[] body = JsonObject.builder().put("messages", bodies).bytes();
    return reply(sending("POST", work(after, wait), "application/json", body, wait.plus(ANSWER)));
  }

  private static String work(Cursor after, Duration wait) {
    return "work?after=" + after + "&wait=" + wait.toSeconds();
  }

  private Optional<WorkReply> reply(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<InputStream> response = send(request);
    if (response.statusCode() == 204) {
      return Optional.empty();
    }
    byte[] body = bounded(response, MAX_REPLY_BYTES);
    try {
      return Optional.of(WorkReply.read(body));
    } catch (DecodeException broken) {
      throw new IOException("the aggregator's reply does not read: " + broken.getMessage(), broken);
    }
  }

  /**
   * Sends a message, or the rest of one.
   *
   * @throws IOException if it should be sent again later
   */
  public Delivery deliver(Outgoing message, Store rows, Blobs blobs)
      throws IOException, InterruptedException {
    try {
      if (message instanceof Outgoing.Upload(String id, Digest contribution, String blob)) {
        upload(contribution, blob, blobs);
      } else {
        byte[] body = body(message, rows, blobs).bytes();
        drain(send(sending("POST", "statements", "application/json", body, ANSWER)));
      }
      return new Delivery.Taken();
    } catch (ProblemException problem) {
      if (problem.isFinal()) {
        return new Delivery.Refused(problem.refusal());
      }
      throw problem;
    }
  }

  private static JsonObject.Builder body(Outgoing message, Store rows, Blobs blobs)
      throws IOException {
    return switch (message) {
      case Outgoing.Post post -> body(post, rows, blobs);
      case Outgoing.Cosignature(String id, String line) ->
          JsonObject.builder()
              .put("type", "cosignature")
              .put("statement", line.getBytes(StandardCharsets.UTF_8));
      case Outgoing.Upload upload -> throw new IOException(upload.id() + " is sent in chunks");
    };
  }

  private static JsonObject.Builder body(Outgoing.Post post, Store rows, Blobs blobs)
      throws IOException {
    SignedStatement signed = post.statement();
    JsonObject.Builder body =
        JsonObject.builder()
            .put("type", signed.type().wireName())
            .put("statement", signed.bytes())
            .put("signature", signed.signature())
            .put("key", signed.signer().toString());
    signed.putLasting(body);
    List<byte[]> attachments = new ArrayList<>();
    for (String row : post.attachments()) {
      attachments.add(
          rows.get(row).orElseThrow(() -> new IOException("attachment " + row + " is gone")));
    }
    if (!post.inlineBlob().isEmpty() && blobs.length(post.inlineBlob()) <= Outgoing.INLINE_BYTES) {
      try (InputStream in = blobs.open(post.inlineBlob())) {
        attachments.add(in.readAllBytes());
      }
    }
    if (!attachments.isEmpty()) {
      body.put("attachments", attachments.stream().map(AggregatorLink::base64).toList());
    }
    return body;
  }

  private static String base64(byte[] bytes) {
    return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Asks what is missing, sends that, and asks again: a resumed upload sends no chunk twice. */
  private void upload(Digest contribution, String blob, Blobs blobs)
      throws IOException, InterruptedException {
    long length = blobs.length(blob);
    for (int index : missing(contribution)) {
      long from = (long) index * DigestTree.CHUNK_BYTES;
      if (from >= length) {
        throw new IOException("the aggregator asks for chunk " + index + ", beyond the end");
      }
      int count = (int) Math.min(DigestTree.CHUNK_BYTES, length - from);
      byte[] chunk = new byte[count];
      try (InputStream in = blobs.open(blob, from)) {
        if (in.readNBytes(chunk, 0, count) != count) {
          throw new IOException(blob + " ends before its length");
        }
      }
      drain(
          send(
              sending(
                  "PUT",
                  "contributions/" + contribution.hex() + "/chunks/" + index,
                  "application/octet-stream",
                  chunk,
                  ANSWER)));
    }
    if (!missing(contribution).isEmpty()) {
      throw new IOException("chunks were lost on the way; they are sent again");
    }
  }

  private List<Integer> missing(Digest contribution) throws IOException, InterruptedException {
    byte[] body =
        bounded(send(get("contributions/" + contribution.hex(), ANSWER)), MAX_REPLY_BYTES);
    List<Integer> missing = new ArrayList<>();
    try {
      JsonNode progress = JSON.readTree(body);
      if (progress.path("complete").asBoolean(false)) {
        return List.of();
      }
      for (JsonNode index : progress.path("missing")) {
        if (!index.isInt() || index.intValue() < 0) {
          throw new IOException("the aggregator names no chunk: " + index);
        }
        missing.add(index.intValue());
      }
    } catch (JacksonException broken) {
      throw new IOException("the aggregator's answer on progress does not read", broken);
    }
    if (missing.isEmpty()) {
      throw new IOException("the aggregator calls the upload incomplete and names no chunk");
    }
    return missing;
  }

  /** Asks for the node's next TLS certificate. */
  public void askCertificate(byte[] ask) throws IOException, InterruptedException {
    drain(send(sending("PUT", "certificate", "application/json", ask, ANSWER)));
  }

  /** The certificate that was asked for, PEM; empty until it was issued. */
  public Optional<String> certificate() throws IOException, InterruptedException {
    HttpResponse<InputStream> response = send(get("certificate", ANSWER));
    byte[] body = bounded(response, MAX_PROBLEM_BYTES);
    return response.statusCode() == 204
        ? Optional.empty()
        : Optional.of(JSON.readTree(body).path("certificate").asText());
  }

  @Override
  public InputStream sum(Digest manifest) throws IOException {
    return new ResumedStream(at -> open("rounds/" + manifest.hex() + "/sum", at));
  }

  @Override
  public InputStream ciphertext(Digest contribution) throws IOException {
    return new ResumedStream(at -> open("contributions/" + contribution.hex() + "/ciphertext", at));
  }

  @Override
  public WorkItem.Opening opening(Digest manifest) throws IOException {
    try (InputStream in = open("rounds/" + manifest.hex() + "/opening", 0)) {
      byte[] body = in.readNBytes(MAX_REPLY_BYTES);
      if (WorkItem.read(CanonicalJson.readObject(body, WorkReply.MAX_BYTES))
          instanceof WorkItem.Opening opening) {
        return opening;
      }
      throw new IOException("the aggregator sent something else than an opening");
    } catch (DecodeException broken) {
      throw new IOException("the opening does not read: " + broken.getMessage(), broken);
    }
  }

  /** A version of the policy as the aggregator has it; the caller checks what that is worth. */
  public PolicyFolder.Version policy(int version) throws IOException, InterruptedException {
    byte[] body = bounded(send(get("policies/" + version, ANSWER)), MAX_REPLY_BYTES);
    try {
      JsonNode files = JSON.readTree(body);
      return new PolicyFolder.Version(
          version,
          files.path("file").asText().getBytes(StandardCharsets.UTF_8),
          files.path("signatures").asText().getBytes(StandardCharsets.UTF_8));
    } catch (JacksonException broken) {
      throw new IOException("the aggregator's answer on a policy does not read", broken);
    }
  }

  private InputStream open(String path, long from) throws IOException {
    HttpRequest.Builder request = request("GET", path, ANSWER, Optional.empty());
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    try {
      HttpResponse<InputStream> response = send(request.build());
      if (from > 0 && response.statusCode() != 206) {
        drain(response);
        throw new IOException("the aggregator did not resume at byte " + from);
      }
      return response.body();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException("stopped while fetching", stopped);
    }
  }

  private HttpRequest get(String path, Duration answer) {
    return request("GET", path, answer, Optional.empty()).build();
  }

  private HttpRequest sending(
      String method, String path, String type, byte[] body, Duration answer) {
    return request(method, path, answer, Optional.of(body)).header("Content-Type", type).build();
  }

  /** A request with its signature; made for one sending, since its nonce counts once. */
  private HttpRequest.Builder request(
      String method, String path, Duration answer, Optional<byte[]> body) {
    URI target = base.resolve("/node/v1/" + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target)
            .timeout(answer)
            .method(
                method, body.map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody));
    String query = target.getRawQuery();
    String sent = target.getRawPath() + (query == null ? "" : "?" + query);
    signer.sign(method, sent, body, clock.instant()).forEach(request::header);
    return request;
  }

  private HttpResponse<InputStream> send(HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response = dialler.send(request);
    int status = response.statusCode();
    if (status < 200 || status > 299) {
      throw new ProblemException(status, problem(bounded(response, MAX_PROBLEM_BYTES), status));
    }
    return response;
  }

  private static Refusal problem(byte[] body, int status) {
    try {
      JsonNode problem = JSON.readTree(body);
      if (problem != null && problem.isObject()) {
        Optional<Code> code = Code.byText(problem.path("code").asText());
        return Refusal.of(
            code.orElse(Code.SERVER_FAILED), problem.path("detail").asText("status " + status));
      }
    } catch (IOException notJson) {
      // A proxy's page, most likely; the status says enough.
    }
    return Refusal.of(Code.SERVER_FAILED, "status " + status + " without a problem document");
  }

  private static byte[] bounded(HttpResponse<InputStream> response, int max) throws IOException {
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(max + 1);
      if (body.length > max) {
        throw new IOException("the aggregator's answer has more than " + max + " bytes");
      }
      return body;
    }
  }

  /** A connection is kept only if its answer was read to the end. */
  private static void drain(HttpResponse<InputStream> response) throws IOException {
    bounded(response, MAX_PROBLEM_BYTES);
  }

  @Override
  public void close() {
    dialler.close();
  }
}
