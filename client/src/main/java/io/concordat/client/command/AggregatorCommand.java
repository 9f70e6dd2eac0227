package io.concordat.client.command;

import io.concordat.client.demo.Programs;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.AggregatorInit;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concordat aggregator ...}: make an aggregator's home and run it. */
@Command(
    name = "aggregator",
    mixinStandardHelpOptions = true,
    description = "Make an aggregator's home, and run it.",
    footer = {
      "",
      "Examples:",
      "  concordat aggregator init --home /var/lib/concordat --origin concordat.example/cardio-eu",
      "  concordat aggregator init --home /var/lib/concordat --policy policy.yaml --tls aggregator.p12 --ca ca.pem",
      "  concordat aggregator run --home /var/lib/concordat"
    })
public final class AggregatorCommand {
  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description =
          "Make or complete a home; call it again as policy and certificate arrive. What is there is kept.")
  int init(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path home,
      @Option(
              names = "--origin",
              paramLabel = "NAME",
              description =
                  "The log's origin; makes the log key and prints its line for the policy.")
          @Nullable String origin,
      @Option(
              names = "--policy",
              paramLabel = "FILE",
              description = "The signed policy; its signatures are FILE.sig.")
          @Nullable Path policy,
      @Option(
              names = "--tls",
              paramLabel = "FILE.p12",
              description = "Server key and certificate of 'concordat pki server'.")
          @Nullable Path tls,
      @Option(names = "--ca", paramLabel = "FILE", description = "The certificate authority, PEM.")
          @Nullable Path ca,
      @Option(
              names = "--person",
              paramLabel = "NAME=ROLE",
              description =
                  "Makes a token for a person: data-scientist, compliance-officer or operator; shown once.")
          @Nullable Map<String, String> people,
      @Mixin Output output)
      throws Exception {
    AggregatorInit init = new AggregatorInit(home, new SystemRandomness());
    init.createFolders();
    Map<String, Object> made = new LinkedHashMap<>();
    if (origin != null) {
      made.put("logKey", init.logKey(origin));
    }
    if (policy != null) {
      init.policy(policy, policy.resolveSibling(policy.getFileName() + ".sig"));
      made.put("policy", policy.toString());
    }
    HomeFiles.certificate(tls, ca, init::certificate);
    if (people != null) {
      made.put("tokens", new TreeMap<>(init.tokens(people)));
    }
    String missing = init.missing().orElse("");
    made.put("missing", missing);
    if (output.json) {
      output.printJson(made);
    } else {
      made.forEach((key, value) -> output.terminal().line(key + ": " + value));
      output.say(
          missing.isEmpty() ? "ready: concordat aggregator run --home " + home : "not ready yet");
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Run the aggregator of a home in the foreground.")
  int run(@Option(names = "--home", paramLabel = "DIR", required = true) Path home)
      throws Exception {
    return HomeFiles.run(Programs.ofThisProcess(), "aggregator", home);
  }
}
