package io.concordat.client.command;

import io.concordat.client.demo.Programs;
import io.concordat.homes.SiloHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What the commands for both kinds of home share. */
final class HomeFiles {
  private HomeFiles() {}

  /** The home of a node that was made; another folder is named with the command that makes one. */
  static SiloHome silo(Path home) throws InvalidInputException {
    SiloHome silo = new SiloHome(home);
    if (!Files.exists(silo.nodeKeyFile())) {
      throw new InvalidInputException(
          home + " is no node's home: 'concordat silo init --home " + home + "' makes one");
    }
    return silo;
  }

  /** Puts a certificate into a home. */
  @FunctionalInterface
  interface Certificate {
    void put(Path keyStore, String password, Path authority) throws IOException;
  }

  /**
   * Both files or none; the key store's password lies beside it, as {@code concordat pki} wrote it.
   */
  static void certificate(@Nullable Path tls, @Nullable Path ca, Certificate into)
      throws IOException, InvalidInputException {
    if (tls == null && ca == null) {
      return;
    }
    if (tls == null || ca == null) {
      throw new InvalidInputException("--tls and --ca go together");
    }
    Path password = tls.resolveSibling(tls.getFileName() + ".password");
    into.put(tls, Files.readString(password, StandardCharsets.US_ASCII).strip(), ca);
  }

  /** Runs a service in the foreground until it stops; a signal reaches it first. */
  static int run(Programs programs, String module, Path home)
      throws IOException, InterruptedException {
    Process service = new ProcessBuilder(programs.command(module, home)).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(service::destroy));
    return service.waitFor();
  }
}
