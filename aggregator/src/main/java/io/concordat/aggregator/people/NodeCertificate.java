package io.concordat.aggregator.people;

import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Reads the institution id out of a node's certificate, whose chain TLS has already verified.
 *
 * <p>It decides only which mailbox a request looks into. Whatever a node says counts by the
 * signature of a key that the policy names, so a certificate with a wrong name can spy no share and
 * forge no statement.
 */
final class NodeCertificate {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

  private NodeCertificate() {}

  /** The common name, if it has the form of an institution id; empty for anything else. */
  static Optional<String> institution(X509Certificate certificate) {
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")
            && part.getValue() instanceof String name
            && ID.matcher(name).matches()) {
          return Optional.of(name);
        }
      }
    } catch (InvalidNameException unreadable) {
      return Optional.empty();
    }
    return Optional.empty();
  }
}
