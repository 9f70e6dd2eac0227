package io.concordat.client.command;

import io.concordat.client.demo.Programs;
import io.concordat.homes.SiloHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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

  /** Runs a service in the foreground until it stops; a signal reaches it first. */
  static int run(Programs programs, String module, Path home)
      throws IOException, InterruptedException {
    Process service = new ProcessBuilder(programs.command(module, home)).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(service::destroy));
    return service.waitFor();
  }
}
