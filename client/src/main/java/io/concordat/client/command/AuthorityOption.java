package io.concordat.client.command;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.homes.AuthorityFolder;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the certificate authority lies that a command signs with. */
public final class AuthorityOption {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "The authority's folder.")
  @SuppressWarnings("NullAway.Init") // required: picocli sets it
  private Path folder;

  CertificateAuthority open() throws IOException, InvalidInputException {
    AuthorityFolder place = new AuthorityFolder(folder);
    if (!place.exists()) {
      throw new InvalidInputException(
          folder + ": no authority here; 'concordat pki init' makes one");
    }
    try {
      return place.open();
    } catch (DecodeException e) {
      throw new InvalidInputException(folder + ": " + e.getMessage(), e);
    }
  }
}
