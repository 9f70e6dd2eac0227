package io.concordat.aggregator.people;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.NodeName;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Reads the institution id out of a node's certificate, whose chain TLS has already verified.
 *
 * <p>It decides only which mailbox a request looks into. Whatever a node says counts by the
 * signature of a key that the policy names, so a certificate with a wrong name can forge no
 * statement.
 */
final class NodeCertificate {
  private NodeCertificate() {}

  /**
   * The institution, if the certificate is a node's of this federation; empty for anything else.
   */
  static Optional<String> institution(X509Certificate certificate, String federation) {
    try {
      NodeName name = NodeName.of(certificate);
      return name.federation().equals(federation)
          ? Optional.of(name.institution())
          : Optional.empty();
    } catch (DecodeException notANode) {
      return Optional.empty();
    }
  }
}
