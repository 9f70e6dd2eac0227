package io.concordat.crypto.pki;

import io.concordat.crypto.DecodeException;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/** A name under which a server is reached, as certificates carry it: DNS name or IP address. */
final class HostName {
  private static final Pattern DNS =
      Pattern.compile(
          "(?=.{1,253}$)[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
              + "(\\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

  private HostName() {}

  /** Refuses wildcards, user parts, ports and anything else that is not a plain host. */
  static GeneralName of(String host) throws DecodeException {
    if (IPAddress.isValidIPv4(host) || IPAddress.isValidIPv6(host)) {
      return new GeneralName(GeneralName.iPAddress, host);
    }
    if (!DNS.matcher(host).matches() || DIGITS_AND_DOTS.matcher(host).matches()) {
      throw new DecodeException("\"" + host + "\" is neither a DNS name nor an IP address");
    }
    return new GeneralName(GeneralName.dNSName, host);
  }
}
