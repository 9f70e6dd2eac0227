package io.concordat.silonode.node;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.Home;
import io.concordat.homes.SiloHome;
import io.concordat.homes.enrolment.NodeCertificateFiles;
import io.concordat.homes.network.ProxyAddress;
import io.concordat.silonode.config.SiloSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The node's side of TLS, as its home has it now. */
final class NodeTls {
  private static final int MAX_PASSWORD_BYTES = 1024;

  private final Home home;
  private final NodeCertificateFiles files;
  private final SiloSettings settings;

  NodeTls(SiloHome silo, SiloSettings settings, Randomness randomness) {
    this.home = silo.home();
    this.files = new NodeCertificateFiles(silo, randomness);
    this.settings = settings;
  }

  /** The identity that the home has now, from its key store or its token. */
  TlsIdentity identity() throws IOException, DecodeException {
    return files.current().orElseThrow(() -> new IOException(files.currentFile() + " is missing"));
  }

  /**
   * What connections are made with: the identity, the federation's root, the house's own bundle.
   */
  SSLContext context() throws IOException, DecodeException {
    List<X509Certificate> roots = new ArrayList<>(pem(home.authorityFile()));
    if (settings.caBundle().isPresent()) {
      roots.addAll(pem(settings.caBundle().get()));
    }
    return TlsContexts.mutual(identity(), roots);
  }

  private static List<X509Certificate> pem(Path file) throws IOException, DecodeException {
    try {
      return Certificates.fromPem(Files.readString(file, StandardCharsets.US_ASCII));
    } catch (DecodeException bad) {
      throw new DecodeException(file + ": " + bad.getMessage(), bad);
    }
  }

  /** The institution's proxy, with the password from {@code keys/proxy.password}. */
  Optional<ProxyAddress> proxy() throws IOException {
    if (settings.proxy().isEmpty()) {
      return Optional.empty();
    }
    String password = "";
    if (settings.proxyUser().isPresent()) {
      byte[] bytes = SecretFile.read(home.proxyPasswordFile(), MAX_PASSWORD_BYTES);
      password = new String(bytes, StandardCharsets.UTF_8).strip();
      Arrays.fill(bytes, (byte) 0);
    }
    return Optional.of(ProxyAddress.parse(settings.proxy().get(), settings.proxyUser(), password));
  }
}
