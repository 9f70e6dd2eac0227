package io.concordat.client.command;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.SiloHome;
import io.concordat.homes.enrolment.Bootstrap;
import io.concordat.homes.network.ProxyAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The institution's own network: its proxy, and the roots that its proxy shows. */
public final class NetworkOptions {
  @Option(
      names = "--proxy",
      paramLabel = "HOST:PORT",
      description = "The institution's HTTP proxy (CONNECT).")
  private @Nullable String proxy;

  @Option(
      names = "--proxy-user",
      paramLabel = "NAME",
      description = "User for the proxy's basic authentication.")
  private @Nullable String proxyUser;

  @Option(
      names = "--proxy-password-file",
      paramLabel = "FILE",
      description = "A file with that user's password; copied to keys/proxy.password.")
  private @Nullable Path proxyPasswordFile;

  @Option(
      names = "--ca-bundle",
      paramLabel = "FILE",
      description = "PEM roots that the institution's proxy shows when it opens TLS.")
  private @Nullable Path caBundle;

  Optional<ProxyAddress> proxy() throws IOException, InvalidInputException {
    if (proxy == null) {
      return Optional.empty();
    }
    String password = proxyPasswordFile == null ? "" : Files.readString(proxyPasswordFile).strip();
    try {
      return Optional.of(ProxyAddress.parse(proxy, Optional.ofNullable(proxyUser), password));
    } catch (IllegalArgumentException bad) {
      throw new InvalidInputException("--proxy " + proxy + ": expected host:port", bad);
    }
  }

  List<X509Certificate> bundle() throws IOException, InvalidInputException {
    if (caBundle == null) {
      return List.of();
    }
    try {
      return Certificates.fromPem(Files.readString(caBundle));
    } catch (DecodeException bad) {
      throw new InvalidInputException(caBundle + ": " + bad.getMessage(), bad);
    }
  }

  /** Puts what was given into the home, for the node itself. */
  void keep(SiloHome silo, Map<String, String> settings) throws IOException {
    if (proxy != null) {
      settings.put("concordat.proxy", proxy);
    }
    if (proxyUser != null) {
      settings.put("concordat.proxy-user", proxyUser);
    }
    if (proxyPasswordFile != null) {
      SecretFile.write(
          silo.home().proxyPasswordFile(),
          Files.readString(proxyPasswordFile).strip().getBytes(StandardCharsets.UTF_8));
    }
    if (caBundle != null) {
      settings.put("concordat.ca-bundle", caBundle.toAbsolutePath().toString());
    }
  }

  static Bootstrap read(Path file) throws IOException, InvalidInputException {
    try {
      return Bootstrap.read(Files.readAllBytes(file), Instant.now());
    } catch (DecodeException bad) {
      throw new InvalidInputException(file + ": " + bad.getMessage(), bad);
    }
  }
}
