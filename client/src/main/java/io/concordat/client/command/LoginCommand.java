package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.concordat.client.http.FederationClient;
import io.concordat.client.http.FederationTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concordat login}: try a connection and remember it. */
@Command(
    name = "login",
    mixinStandardHelpOptions = true,
    description = "Try a connection to an aggregator and remember it.",
    footer = {
      "",
      "Example:",
      "  concordat login --server https://aggregator.example:8443 --ca ca.pem --token-file token"
    })
public final class LoginCommand implements Callable<Integer> {
  @Option(names = "--server", paramLabel = "URL", required = true, description = "The aggregator.")
  private String server = "";

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "The federation's certificate authority, PEM.")
  private @Nullable Path ca;

  @Option(names = "--token-file", paramLabel = "FILE", description = "A file with your token.")
  private @Nullable Path tokenFile;

  @Option(names = "--key", paramLabel = "FILE", description = "Your submitter key.")
  private @Nullable Path key;

  @Option(names = "--profile", paramLabel = "FILE", description = "Where to remember it.")
  private @Nullable Path profile;

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws Exception {
    String token = tokenFile == null ? null : Files.readString(tokenFile).strip();
    if (key != null) {
      SubmitterKeys.read(key).destroy();
    }
    try (FederationClient client =
        new FederationClient(ServerOptions.uri(server), token, FederationTls.trusting(ca))) {
      JsonNode federation = client.federation();
      Path file = profile == null ? Profile.defaultFile() : profile;
      new Profile(server, absolute(ca), absolute(tokenFile), absolute(key)).write(file);
      output.say(
          "federation "
              + federation.path("federation").asText()
              + ", policy version "
              + federation.path("policy").path("version").asText()
              + "; remembered in "
              + file);
    }
    return ExitStatus.DONE;
  }

  private static @Nullable String absolute(@Nullable Path file) {
    return file == null ? null : file.toAbsolutePath().toString();
  }
}
