package io.concordat.client;

import io.concordat.client.command.AggregatorCommand;
import io.concordat.client.command.ApprovalCommand;
import io.concordat.client.command.AuditCommand;
import io.concordat.client.command.BenchCommand;
import io.concordat.client.command.BudgetCommand;
import io.concordat.client.command.DoctorCommand;
import io.concordat.client.command.Failures;
import io.concordat.client.command.FreezeCommand;
import io.concordat.client.command.JobCommand;
import io.concordat.client.command.LoginCommand;
import io.concordat.client.command.Output;
import io.concordat.client.command.PkiCommand;
import io.concordat.client.command.PolicyCommand;
import io.concordat.client.command.PrivacyCommand;
import io.concordat.client.command.ReleaseCommand;
import io.concordat.client.command.SiloCommand;
import io.concordat.client.command.SubmitterCommand;
import io.concordat.client.command.TemplateCommand;
import io.concordat.client.demo.DemoCommand;
import io.concordat.client.terminal.Terminal;
import io.concordat.homes.NativeProgram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line's entry. */
@Command(
    name = "concordat",
    mixinStandardHelpOptions = true,
    version = "concordat 0.1.0",
    synopsisSubcommandLabel = "<noun> <verb>",
    description = {
      "Compute across institutions on records that stay where they are.",
      "Every result is a sum that the institutions' signed policy allows; the log shows how it came about.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  concordat demo                           a whole federation on this machine, in a minute",
      "  concordat job submit job.yaml --watch    submit a job and follow it",
      "  concordat audit verify PACK              check a run offline",
      "",
      "Exit status: 0 done, 1 refused by a rule, 2 wrong usage or invalid file,",
      "3 could not reach or environment, 4 a verification failed, 130 interrupted."
    },
    subcommands = {
      DemoCommand.class,
      JobCommand.class,
      ReleaseCommand.class,
      BudgetCommand.class,
      AuditCommand.class,
      LoginCommand.class,
      SubmitterCommand.class,
      AggregatorCommand.class,
      SiloCommand.class,
      PolicyCommand.class,
      TemplateCommand.class,
      PrivacyCommand.class,
      FreezeCommand.class,
      ApprovalCommand.class,
      PkiCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      HelpCommand.class,
    })
public final class Concordat implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run()
  private CommandSpec spec;

  private Concordat() {}

  /** Builds the command line; {@code terminal} is where everything is printed. */
  public static CommandLine commandLine(Terminal terminal) {
    CommandLine line =
        new CommandLine(
            new Concordat(),
            new CommandLine.IFactory() {
              @Override
              public <K> K create(Class<K> type) throws Exception {
                return type == Output.class
                    ? type.cast(new Output(terminal))
                    : CommandLine.defaultFactory().create(type);
              }
            });
    line.setExecutionStrategy(new CommandLine.RunLast());
    line.setParameterExceptionHandler((e, args) -> Failures.usage(terminal, e));
    line.setExecutionExceptionHandler((e, command, parsed) -> Failures.report(terminal, e));
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(System.out);
  }

  public static void main(String[] args) {
    NativeProgram.loadFromBeside();
    System.exit(commandLine(Terminal.ofProcess()).execute(args));
  }
}
