package io.concordat.client.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.FederationTls;
import io.concordat.homes.SiloHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which institution's own node a command speaks to: the one whose home lies on this machine. */
public final class ConsoleOptions {
  @Option(
      names = "--home",
      paramLabel = "DIR",
      required = true,
      description = "The home of the institution's running node.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path home;

  @Option(
      names = "--console-token-file",
      paramLabel = "FILE",
      description = "A file with the console's token (else $CONCORDAT_CONSOLE_TOKEN).")
  private @Nullable Path tokenFile;

  /** Opens the node's console; it trusts the console's own certificate and no other. */
  FederationClient connect() throws InvalidInputException, IOException {
    SiloHome silo = new SiloHome(home);
    Path endpoint = silo.home().endpointFile();
    if (!Files.exists(endpoint)) {
      throw new InvalidInputException(home + ": no running node (there is no " + endpoint + ")");
    }
    String url = new ObjectMapper().readTree(endpoint.toFile()).path("url").asText();
    return new FederationClient(
        ServerOptions.uri(url), token(), FederationTls.trusting(silo.consoleAuthorityFile()));
  }

  private String token() throws InvalidInputException, IOException {
    String direct = System.getenv("CONCORDAT_CONSOLE_TOKEN");
    if (tokenFile != null) {
      return Files.readString(tokenFile).strip();
    }
    if (direct == null || direct.isBlank()) {
      throw new InvalidInputException(
          "the console's token is needed: --console-token-file FILE or $CONCORDAT_CONSOLE_TOKEN;"
              + " 'concordat silo token --home "
              + home
              + "' makes a new one");
    }
    return direct.strip();
  }
}
