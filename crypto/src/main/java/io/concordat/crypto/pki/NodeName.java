package io.concordat.crypto.pki;

import io.concordat.crypto.DecodeException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * Which institution of which federation a certificate names: the URI {@code
 * concordat://<federation>/<institution>} among its alternative names; the common name repeats the
 * institution for people and for access rules that read nothing else.
 */
public record NodeName(String federation, String institution) {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");
  private static final String SCHEME = "concordat://";
  private static final int URI = 6;

  public NodeName {
    requireId("federation", federation);
    requireId("institution", institution);
  }

  private static void requireId(String field, String value) {
    if (!ID.matcher(value).matches()) {
      throw new IllegalArgumentException(
          field + " must be 1 to 64 of [a-z0-9-], not \"" + value + "\"");
    }
  }

  /** The URI form. */
  public String uri() {
    return SCHEME + federation + "/" + institution;
  }

  static NodeName parse(String uri) throws DecodeException {
    if (uri.startsWith(SCHEME)) {
      String[] parts = uri.substring(SCHEME.length()).split("/", -1);
      if (parts.length == 2 && ID.matcher(parts[0]).matches() && ID.matcher(parts[1]).matches()) {
        return new NodeName(parts[0], parts[1]);
      }
    }
    throw new DecodeException("a node's name is concordat://<federation>/<institution>");
  }

  /**
   * The name in a certificate whose chain the caller has verified.
   *
   * @throws DecodeException unless there is exactly one name of this form and the common name is
   *     its institution: two readers of one certificate must not see two institutions
   */
  public static NodeName of(X509Certificate certificate) throws DecodeException {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      throw new DecodeException("the certificate's alternative names cannot be read", e);
    }
    if (names == null) {
      throw new DecodeException("the certificate names no institution");
    }
    List<String> uris =
        names.stream()
            .filter(name -> name.get(0) instanceof Integer kind && kind == URI)
            .map(name -> String.valueOf(name.get(1)))
            .toList();
    if (uris.size() != 1) {
      throw new DecodeException(
          "a node's certificate has one URI name, this one has " + uris.size());
    }
    NodeName name = parse(uris.get(0));
    X500Name subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    if (!name.institution.equals(commonName(subject))) {
      throw new DecodeException("the certificate's common name is not " + name.institution);
    }
    return name;
  }

  /** The only common name of a subject, or an empty text. */
  static String commonName(X500Name subject) {
    RDN[] found = subject.getRDNs(BCStyle.CN);
    return found.length == 1 && !found[0].isMultiValued()
        ? IETFUtils.valueToString(found[0].getFirst().getValue())
        : "";
  }

  @Override
  public String toString() {
    return uri();
  }
}
