package io.concordat.client.command;

import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.Home;
import io.concordat.homes.token.HardwareToken;
import io.concordat.homes.token.PasswordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which hardware token a home uses. */
public final class TokenOptions {
  @Option(
      names = "--library",
      paramLabel = "FILE.so",
      description = "The token's PKCS#11 module; needed unless one was named before.")
  private @Nullable Path library;

  @Option(
      names = "--slot-index",
      paramLabel = "N",
      description = "Which slot in the module's list; the first is 0.")
  private int slotIndex;

  @Option(
      names = "--pin-file",
      paramLabel = "FILE",
      description = "A file with the user PIN; copied to keys/pkcs11.pin.")
  private @Nullable Path pinFile;

  boolean given() {
    return library != null || pinFile != null;
  }

  /** Keeps what was given and opens the token; a token that does not open is not kept. */
  HardwareToken choose(Home home) throws IOException, InvalidInputException {
    if ((library == null) != (pinFile == null)) {
      throw new InvalidInputException("--library and --pin-file go together");
    }
    if (library == null || pinFile == null) {
      if (!HardwareToken.isChosen(home)) {
        throw new InvalidInputException("which token? give --library FILE.so and --pin-file FILE");
      }
      return HardwareToken.open(home);
    }
    if (!Files.isRegularFile(library)) {
      throw new InvalidInputException(library + ": no such file; expected a PKCS#11 module");
    }
    return HardwareToken.choose(home, library, slotIndex, Files.readString(pinFile).strip());
  }

  /** Wraps the passwords that lie there plainly, and says which. */
  void wrap(Home home, List<Path> passwords, Output output)
      throws IOException, InvalidInputException {
    HardwareToken token = choose(home);
    List<String> wrapped = new ArrayList<>();
    for (Path file : passwords) {
      if (Files.exists(file) && PasswordFile.wrap(home, file, token, new SystemRandomness())) {
        wrapped.add(file.toString());
      }
    }
    if (output.json) {
      output.printJson(Map.of("wrapped", wrapped));
    } else {
      output
          .terminal()
          .line("wrapped: " + (wrapped.isEmpty() ? "nothing new" : String.join(", ", wrapped)));
      output.say("older backups of keys/ still hold the plain passwords; destroy them");
    }
  }
}
