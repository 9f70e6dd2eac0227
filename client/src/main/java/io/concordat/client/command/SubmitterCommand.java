package io.concordat.client.command;

import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.SigningKey;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concordat submitter ...}: the key that a data scientist signs jobs with. */
@Command(
    name = "submitter",
    mixinStandardHelpOptions = true,
    description =
        "Make the key you sign jobs with; an institution's node endorses its public half.",
    footer = {"", "Example:", "  concordat submitter init --key ~/.config/concordat/submitter.pem"})
public final class SubmitterCommand {
  @Command(name = "init", mixinStandardHelpOptions = true, description = "Make a submitter key.")
  int init(
      @Option(names = "--key", paramLabel = "FILE", required = true, description = "A new file.")
          Path file,
      @Mixin Output output)
      throws Exception {
    SigningKey key = SubmitterKeys.create(file, new SystemRandomness());
    return print(file, key, output);
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Print a submitter key's public half.")
  int show(
      @Option(names = "--key", paramLabel = "FILE", required = true, description = "A key file.")
          Path file,
      @Mixin Output output)
      throws Exception {
    return print(file, SubmitterKeys.read(file), output);
  }

  private static int print(Path file, SigningKey key, Output output) {
    String text = key.verifyingKey().toString();
    key.destroy();
    if (output.json) {
      output.printJson(Map.of("file", file.toString(), "submitter", text));
    } else {
      output.terminal().line(text);
      output.say(
          "give this line to an institution; its operator sets, in the node's config/application.yaml, concordat.endorse.YOUR-NAME: \""
              + text
              + "\"");
    }
    return ExitStatus.DONE;
  }
}
