package io.concordat.client.command;

import io.concordat.client.http.FederationClient;
import io.concordat.client.http.FederationTls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which aggregator a command speaks to, and as whom. Given as options, else by environment, else
 * from the profile.
 */
public final class ServerOptions {
  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "The aggregator, such as https://aggregator.example:8443 (else $CONCORDAT_SERVER, else the profile).")
  private @Nullable String server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with your token (else $CONCORDAT_TOKEN, else the profile).")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "The federation's certificate authority, PEM (else $CONCORDAT_CA, else the profile).")
  private @Nullable Path ca;

  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description =
          "Where server, token and ca are remembered (default: $XDG_CONFIG_HOME/concordat/client.yaml).")
  private @Nullable Path profile;

  /** Opens the client that the options name. */
  public FederationClient connect() throws InvalidInputException, IOException {
    Profile remembered = Profile.read(profileFile());
    String address = first(server, System.getenv("CONCORDAT_SERVER"), remembered.server());
    if (address == null) {
      throw new InvalidInputException(
          "which aggregator? Give --server URL, or remember one with 'concordat login'");
    }
    String authority =
        first(ca == null ? null : ca.toString(), System.getenv("CONCORDAT_CA"), remembered.ca());
    return new FederationClient(
        uri(address),
        token(remembered),
        FederationTls.trusting(authority == null ? null : Path.of(authority)));
  }

  Path profileFile() {
    return profile != null ? profile : Profile.defaultFile();
  }

  private @Nullable String token(Profile remembered) throws InvalidInputException, IOException {
    if (tokenFile != null) {
      return readToken(tokenFile);
    }
    String direct = System.getenv("CONCORDAT_TOKEN");
    if (direct != null && !direct.isBlank()) {
      return direct.strip();
    }
    return remembered.tokenFile() == null ? null : readToken(Path.of(remembered.tokenFile()));
  }

  private static String readToken(Path file) throws InvalidInputException, IOException {
    String token = Files.readString(file).strip();
    if (!token.matches("[A-Za-z0-9._~+/=-]{16,512}")) {
      throw new InvalidInputException(
          file + ": not a token (expected one line of 16 to 512 letters and digits)");
    }
    return token;
  }

  static URI uri(String address) throws InvalidInputException {
    try {
      URI uri = URI.create(address);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException notAnAddress) {
      // Said below, in the same words as every other wrong address.
    }
    throw new InvalidInputException(
        "--server " + address + ": expected an address like https://host:8443");
  }

  private static @Nullable String first(@Nullable String... values) {
    for (String value : values) {
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return null;
  }
}
