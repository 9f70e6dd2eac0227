package io.concordat.client.command;

import io.concordat.client.http.ProblemException;
import io.concordat.client.http.UnreachableException;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.DecodeException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;

/** How a failed command says so: one sentence, where it is, what to do; and the exit status. */
public final class Failures {
  private Failures() {}

  /** Wrong arguments: the message, the nearest names, and where help is. */
  public static int usage(Terminal terminal, CommandLine.ParameterException e) {
    terminal.error("concordat: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, System.err);
    terminal.error("see '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'");
    return ExitStatus.INVALID;
  }

  /** Turns what a command threw into words and an exit status. */
  public static int report(Terminal terminal, Exception e) throws Exception {
    switch (e) {
      case ProblemException problem -> {
        terminal.error(
            terminal.bad("refused") + " [" + problem.code() + "] " + problem.getMessage());
        if (problem.where() != null) {
          terminal.error("  at " + problem.where());
        }
        if (problem.hint() != null) {
          terminal.error("  " + problem.hint());
        }
        return problem.status() >= 500 ? ExitStatus.ENVIRONMENT : ExitStatus.REFUSED;
      }
      case UnreachableException unreachable -> {
        terminal.error("concordat: " + unreachable.getMessage());
        return ExitStatus.ENVIRONMENT;
      }
      case InvalidInputException invalid -> {
        terminal.error("concordat: " + invalid.getMessage());
        return ExitStatus.INVALID;
      }
      case DecodeException bad -> {
        terminal.error("concordat: " + bad.getMessage());
        return ExitStatus.INVALID;
      }
      case NoSuchFileException missing -> {
        terminal.error("concordat: no such file: " + missing.getMessage());
        return ExitStatus.INVALID;
      }
      case IOException io -> {
        terminal.error("concordat: " + io.getMessage());
        return ExitStatus.ENVIRONMENT;
      }
      default -> throw e;
    }
  }
}
