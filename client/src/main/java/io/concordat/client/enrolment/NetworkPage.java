package io.concordat.client.enrolment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.NodeName;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.HomeSettings;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.homes.enrolment.NodeCertificateFiles;
import io.concordat.homes.network.Outbound;
import io.concordat.homes.network.ProxyAddress;
import io.concordat.homes.network.TlsTrouble;
import io.concordat.protocol.request.RequestSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Looks the way from a node's home to the aggregator over, step by step, and goes on after one that
 * fails.
 */
public final class NetworkPage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PROBE_BYTES = 4 << 20;
  private static final Duration ANSWER = Duration.ofMinutes(5);
  private static final long FEW_DAYS = 7;

  private final SiloHome silo;
  private final List<Finding> findings = new ArrayList<>();

  /** One line of the page. */
  public record Finding(String what, boolean ok, String found) {}

  public NetworkPage(SiloHome silo) {
    this.silo = silo;
  }

  /** All lines, in the order in which a connection comes about. */
  public List<Finding> look() throws IOException, InterruptedException {
    Map<String, String> settings = HomeSettings.read(silo.home().settingsFile());
    URI aggregator = URI.create(settings.getOrDefault("concordat.aggregator", ""));
    if (aggregator.getHost() == null) {
      add("settings", false, silo.home().settingsFile() + ": concordat.aggregator is missing");
      return findings;
    }
    Optional<ProxyAddress> proxy = proxy(settings);
    names(aggregator, proxy);
    Optional<TlsIdentity> identity = certificate();
    int port = aggregator.getPort() < 0 ? 443 : aggregator.getPort();
    SeenServer.Outcome seen = SeenServer.look(aggregator.getHost(), port, proxy);
    proxy.ifPresent(address -> add("proxy", seen.proxyOk(), seen.proxyWords()));
    if (seen.chain().isEmpty()) {
      add("tls", false, seen.tlsWords());
      return findings;
    }
    List<X509Certificate> roots = new ArrayList<>();
    boolean inspected = issuer(seen.chain(), settings, roots);
    if (identity.isPresent() && !roots.isEmpty()) {
      probe(aggregator, identity.get(), roots, proxy, inspected);
    }
    return findings;
  }

  private void add(String what, boolean ok, String found) {
    findings.add(new Finding(what, ok, found));
  }

  private Optional<ProxyAddress> proxy(Map<String, String> settings) throws IOException {
    String address = settings.get("concordat.proxy");
    if (address == null) {
      return Optional.empty();
    }
    Optional<String> user = Optional.ofNullable(settings.get("concordat.proxy-user"));
    String password =
        user.isPresent()
            ? new String(
                    SecretFile.read(silo.home().proxyPasswordFile(), 1024), StandardCharsets.UTF_8)
                .strip()
            : "";
    return Optional.of(ProxyAddress.parse(address, user, password));
  }

  private void names(URI aggregator, Optional<ProxyAddress> proxy) {
    String host = proxy.map(ProxyAddress::host).orElse(aggregator.getHost());
    try {
      List<String> addresses = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        addresses.add(address.getHostAddress());
      }
      add(
          "dns",
          true,
          host
              + " is "
              + String.join(", ", addresses)
              + (proxy.isPresent() ? "; the proxy looks up " + aggregator.getHost() : ""));
    } catch (UnknownHostException unknown) {
      add("dns", false, host + " has no address here");
    }
  }

  private Optional<TlsIdentity> certificate() throws IOException {
    try {
      Optional<TlsIdentity> identity =
          new NodeCertificateFiles(silo, new SystemRandomness()).current();
      if (identity.isEmpty()) {
        add("certificate", false, "none yet: run 'concordat silo init --bootstrap FILE'");
        return identity;
      }
      X509Certificate own = identity.get().certificate();
      long days = Certificates.daysLeft(own, Instant.now());
      add(
          "certificate",
          Certificates.validAt(own, Instant.now()),
          NodeName.of(own).institution()
              + ", until "
              + own.getNotAfter().toInstant()
              + ", "
              + days
              + " days left"
              + (identity.get().isHeld() ? ", its key in the token" : "")
              + (days < FEW_DAYS ? "; a renewal should have come long ago" : ""));
      return identity;
    } catch (DecodeException bad) {
      add("certificate", false, String.valueOf(bad.getMessage()));
      return Optional.empty();
    }
  }

  /** Says whose certificate answered, collects what to trust; whether a proxy opened TLS. */
  private boolean issuer(
      List<X509Certificate> chain, Map<String, String> settings, List<X509Certificate> roots)
      throws IOException {
    X509Certificate own = chain.getFirst();
    String issuer = own.getIssuerX500Principal().getName();
    try {
      List<X509Certificate> federation =
          Certificates.fromPem(Files.readString(silo.home().authorityFile()));
      roots.addAll(federation);
      String bundle = settings.get("concordat.ca-bundle");
      if (bundle != null) {
        roots.addAll(Certificates.fromPem(Files.readString(Path.of(bundle))));
      }
      serverCertificate(own);
      if (issued(chain, federation)) {
        add("tls issuer", true, issuer + ": the federation's authority, nobody opens TLS");
        return false;
      }
      boolean known = issued(chain, roots);
      add(
          "tls issuer",
          known,
          issuer
              + (known
                  ? ": your own bundle's; a proxy opens TLS, the aggregator sees no client certificate"
                  : ": neither the federation's authority nor in concordat.ca-bundle; something on"
                      + " the way opens TLS"));
      return true;
    } catch (DecodeException bad) {
      add("tls issuer", false, issuer + "; " + bad.getMessage());
      return true;
    }
  }

  /** What answered may be a proxy's; its dates count all the same, since the node looks at them. */
  private void serverCertificate(X509Certificate shown) {
    Instant now = Instant.now();
    boolean valid = Certificates.validAt(shown, now);
    boolean ended = now.isAfter(shown.getNotAfter().toInstant());
    add(
        "aggregator",
        valid,
        "shows the certificate of "
            + shown.getSubjectX500Principal().getName()
            + ", valid from "
            + shown.getNotBefore().toInstant()
            + " until "
            + shown.getNotAfter().toInstant()
            + ", "
            + Certificates.daysLeft(shown, now)
            + " days left"
            + (valid
                ? ""
                : ended
                    ? ": it has expired, nothing is sent; its operator has to put in a new one"
                    : ": it has not begun, or this machine's clock is behind"));
  }

  private static boolean issued(List<X509Certificate> chain, List<X509Certificate> roots) {
    try {
      Certificates.requireIssuedBy(chain.getLast(), roots);
      return true;
    } catch (DecodeException notByThese) {
      // A chain may carry its root itself.
      return roots.stream().anyMatch(chain::contains);
    }
  }

  private void probe(
      URI aggregator,
      TlsIdentity identity,
      List<X509Certificate> roots,
      Optional<ProxyAddress> proxy,
      boolean inspected)
      throws IOException, InterruptedException {
    SigningKey key;
    String federation;
    try {
      key = SiloInit.readNodeKey(silo);
      federation = NodeName.of(identity.certificate()).federation();
    } catch (DecodeException bad) {
      add("upload", false, String.valueOf(bad.getMessage()));
      return;
    }
    byte[] body = new byte[PROBE_BYTES];
    // Incompressible: a proxy that compresses would flatter the line.
    new SystemRandomness().fill(body);
    String target = "/node/v1/probe";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(aggregator.resolve(target))
            .timeout(ANSWER)
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(body));
    new RequestSigner(federation, key.verifyingKey(), key::signForeign, new SystemRandomness())
        .sign("PUT", target, Optional.of(body), Instant.now())
        .forEach(request::header);
    key.destroy();
    long begun = System.nanoTime();
    try (HttpClient http = Outbound.client(TlsContexts.mutual(identity, roots), proxy)) {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      double seconds = (System.nanoTime() - begun) / 1e9;
      JsonNode json = JSON.readTree(answer.body());
      if (answer.statusCode() != 200) {
        add(
            "upload",
            false,
            "status "
                + answer.statusCode()
                + ": "
                + json.path("detail").asText("no problem document")
                + (inspected ? " (a proxy opens TLS)" : ""));
        return;
      }
      Duration skew = Duration.between(Instant.parse(json.path("time").asText()), Instant.now());
      add(
          "clock",
          skew.abs().toSeconds() < 60,
          String.format(Locale.ROOT, "%.1f s from the aggregator's", skew.toMillis() / 1e3));
      add(
          "upload",
          json.path("bytes").asLong() == PROBE_BYTES,
          String.format(
              Locale.ROOT,
              "4 MiB in %.1f s (%.1f Mbit/s), recognised as %s",
              seconds,
              PROBE_BYTES * 8 / seconds / 1e6,
              json.path("institution").asText()));
    } catch (IOException broken) {
      add(
          "upload",
          false,
          TlsTrouble.of(broken).orElseGet(() -> "broke off: " + broken.getMessage()));
    }
  }
}
