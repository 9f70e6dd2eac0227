package io.concordat.client.enrolment;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.ProblemException;
import io.concordat.client.http.UnreachableException;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.Durable;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.homes.enrolment.Bootstrap;
import io.concordat.homes.enrolment.CertificateAsk;
import io.concordat.homes.enrolment.NodeCertificateFiles;
import io.concordat.homes.network.Outbound;
import io.concordat.homes.network.ProxyAddress;
import io.concordat.homes.network.TlsTrouble;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Enrols one node: makes its TLS key, asks for the certificate, fetches it. */
public final class Enrolment {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final Bootstrap bootstrap;
  private final SiloHome silo;
  private final NodeCertificateFiles files;
  private final List<X509Certificate> bundle;
  private final Optional<ProxyAddress> proxy;

  /**
   * @param bundle roots of the institution's own, beside the federation's
   * @param proxy the institution's proxy, if there is one
   */
  public Enrolment(
      Bootstrap bootstrap,
      SiloHome silo,
      Randomness randomness,
      List<X509Certificate> bundle,
      Optional<ProxyAddress> proxy) {
    this.bootstrap = bootstrap;
    this.silo = silo;
    this.files = new NodeCertificateFiles(silo, randomness);
    this.bundle = List.copyOf(bundle);
    this.proxy = proxy;
  }

  /**
   * Asks, and takes the certificate if it is there.
   *
   * @return what was asked for, and the identity once it has come
   */
  public Outcome proceed(Instant now)
      throws IOException,
          DecodeException,
          InterruptedException,
          ProblemException,
          UnreachableException {
    authority();
    Optional<TlsIdentity> present = files.current();
    if (present.isPresent()
        && !files.asked()
        && Certificates.validAt(present.get().certificate(), now)) {
      return new Outcome(present.get().request(bootstrap.institution()), present);
    }
    CertificateRequest request = files.ask(bootstrap.institution());
    SigningKey key = SiloInit.readNodeKey(silo);
    byte[] ask;
    try {
      ask = CertificateAsk.sign(request, key.verifyingKey(), key::sign).json();
    } finally {
      key.destroy();
    }
    List<X509Certificate> roots = new ArrayList<>(Certificates.fromPem(bootstrap.authority()));
    roots.addAll(bundle);
    try (HttpClient http = Outbound.client(TlsContexts.client(roots), proxy)) {
      send(
          http,
          request("request")
              .header("Content-Type", "application/json")
              .PUT(BodyPublishers.ofByteArray(ask)));
      HttpResponse<String> answer = send(http, request("certificate").GET());
      if (answer.statusCode() == 204) {
        return new Outcome(request, Optional.empty());
      }
      String pem = JSON.readTree(answer.body()).path("certificate").asText();
      return new Outcome(request, Optional.of(files.install(pem, bootstrap.institution(), now)));
    }
  }

  /**
   * What stands after a step.
   *
   * @param request its fingerprint is what the operator of the authority reads out
   * @param identity present once the certificate is in place
   */
  public record Outcome(CertificateRequest request, Optional<TlsIdentity> identity) {}

  /** Puts the federation's authority into the home; never replaces another one. */
  private void authority() throws IOException {
    byte[] pem = bootstrap.authority().getBytes(StandardCharsets.US_ASCII);
    if (Files.exists(silo.home().authorityFile())) {
      if (!java.util.Arrays.equals(Files.readAllBytes(silo.home().authorityFile()), pem)) {
        throw new IOException(
            silo.home().authorityFile() + " holds another authority than the invitation names");
      }
      return;
    }
    Durable.publish(silo.home().authorityFile(), pem);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(bootstrap.aggregator() + "/enrol/v1/" + path))
        .timeout(ANSWER)
        .header("Concordat-Invitation", bootstrap.token());
  }

  private HttpResponse<String> send(HttpClient http, HttpRequest.Builder request)
      throws InterruptedException, ProblemException, UnreachableException {
    HttpResponse<String> answer;
    try {
      answer = http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException away) {
      throw new UnreachableException(
          bootstrap.aggregator()
              + TlsTrouble.of(away)
                  .map(words -> ": " + words)
                  .orElseGet(() -> " does not answer: " + away.getMessage()),
          away);
    }
    if (answer.statusCode() / 100 != 2) {
      throw FederationClient.problem(answer.statusCode(), answer.body());
    }
    return answer;
  }
}
