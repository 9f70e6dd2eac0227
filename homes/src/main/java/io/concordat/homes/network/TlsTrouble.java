package io.concordat.homes.network;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words why a TLS connection did not come about. */
public final class TlsTrouble {
  private static final String ALERT = "Received fatal alert: ";

  private TlsTrouble() {}

  /**
   * What to say if TLS is what failed; empty if it was something else. In TLS 1.3 a client hears of
   * its own certificate's refusal while it reads the answer, wrapped as any other broken line.
   */
  public static Optional<String> of(IOException failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException tls) {
        return Optional.of(words(tls));
      }
    }
    return Optional.empty();
  }

  public static String words(SSLException failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "the aggregator's certificate has expired ("
            + dates(failure).orElse(String.valueOf(cause.getMessage()))
            + "): its operator has to put in a new one, nothing is sent until then";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "the aggregator's certificate is not valid yet, or this clock is behind ("
            + dates(failure).orElse(String.valueOf(cause.getMessage()))
            + ")";
      }
    }
    String text = String.valueOf(failure.getMessage());
    if (text.contains("PKIX path building failed") || text.contains("does not chain")) {
      return "what answered shows a certificate that the federation's authority did not issue; if a"
          + " proxy opens TLS on the way, put its root into concordat.ca-bundle";
    }
    if (text.contains("No subject alternative") || text.contains("No name matching")) {
      return "the certificate is for another host: " + text;
    }
    int alert = text.indexOf(ALERT);
    if (alert >= 0) {
      return alert(text.substring(alert + ALERT.length()));
    }
    return "TLS failed: " + text;
  }

  /** Name and dates of the certificate that the path's check stopped at. */
  private static Optional<String> dates(Throwable failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathValidatorException stopped
          && stopped.getCertPath() != null
          && stopped.getIndex() >= 0
          && stopped.getCertPath().getCertificates().get(stopped.getIndex())
              instanceof X509Certificate found) {
        return Optional.of(
            found.getSubjectX500Principal().getName()
                + ", valid from "
                + found.getNotBefore().toInstant()
                + " until "
                + found.getNotAfter().toInstant());
      }
    }
    return Optional.empty();
  }

  /**
   * What the other side said when it closed the door (RFC 8446 6.2). Which of the reasons it was
   * the alert seldom tells: the JDK says certificate_unknown for an ended certificate, too.
   */
  private static String alert(String name) {
    return name.contains("certificate") || name.contains("unknown_ca")
        ? "the aggregator did not take this node's certificate ("
            + name
            + "): it has ended or not begun, or another authority than the federation's issued it;"
            + " 'concordat silo doctor' shows its dates"
        : "the aggregator broke TLS off: " + name;
  }
}
