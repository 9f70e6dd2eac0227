package io.concordat.homes.network;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words why a TLS connection did not come about. */
public final class TlsTrouble {
  private TlsTrouble() {}

  public static String words(SSLException failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "the aggregator's certificate has expired (" + cause.getMessage() + ")";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "the aggregator's certificate is not valid yet, or this clock is behind ("
            + cause.getMessage()
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
    if (text.contains("Received fatal alert") && text.contains("certificate")) {
      return "the aggregator did not take this node's certificate (" + text + "); is it over?";
    }
    return "TLS failed: " + text;
  }
}
