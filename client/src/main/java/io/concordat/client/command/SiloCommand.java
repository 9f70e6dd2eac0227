package io.concordat.client.command;

import io.concordat.client.demo.Programs;
import io.concordat.client.enrolment.Enrolment;
import io.concordat.client.enrolment.NetworkPage;
import io.concordat.client.terminal.Terminal;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.VerifyingKey;
import io.concordat.homes.ConsoleInit;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.homes.enrolment.Bootstrap;
import io.concordat.homes.token.HardwareToken;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code concordat silo ...}: make a silo node's home and run it. */
@Command(
    name = "silo",
    mixinStandardHelpOptions = true,
    description = "Make a silo node's home beside an institution's records, and run it.",
    footer = {
      "",
      "Examples:",
      "  concordat silo init --home /var/lib/concordat --institution charite",
      "  concordat silo init --home /var/lib/concordat --institution charite --policy policy.yaml \\",
      "      --tls charite.p12 --ca ca.pem --aggregator https://aggregator.example:8443 --records heart=/data/heart.csv",
      "  concordat silo init --home /var/lib/concordat --bootstrap charite.invitation --records heart=/data/heart.csv",
      "  concordat silo doctor --home /var/lib/concordat",
      "  concordat silo wrap --home /var/lib/concordat --library /usr/lib/softhsm/libsofthsm2.so --pin-file pin",
      "  concordat silo hold --home /var/lib/concordat --library /usr/lib/softhsm/libsofthsm2.so --pin-file pin",
      "  concordat silo token --home /var/lib/concordat",
      "  concordat silo policy --home /var/lib/concordat --overlay draft.yaml",
      "  concordat silo run --home /var/lib/concordat"
    })
public final class SiloCommand {
  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description =
          "Make or complete a home; the first call makes the node key and prints it for the policy. What is there is kept.")
  int init(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path home,
      @Option(
              names = "--institution",
              paramLabel = "ID",
              description = "The institution's id in the policy; an invitation names it, too.")
          @Nullable String named,
      @Option(
              names = "--bootstrap",
              paramLabel = "FILE",
              description =
                  "An invitation of 'concordat aggregator enrol': makes the TLS key here, asks for its certificate, and"
                      + " fetches it; call it again until it has come.")
          @Nullable Path bootstrap,
      @Mixin NetworkOptions network,
      @Mixin PaperOptions papers,
      @Option(
              names = "--aggregator",
              paramLabel = "URL",
              description = "The aggregator's address; writes the settings file.")
          @Nullable String aggregator,
      @Option(
              names = "--records",
              paramLabel = "DATASET=FILE",
              description = "CSV files of a dataset; repeatable.")
          @Nullable Map<String, String> records,
      @Option(
              names = "--endorse",
              paramLabel = "NAME=KEY",
              description = "Submitter keys that this institution endorses; repeatable.")
          @Nullable Map<String, String> endorse,
      @Mixin Output output)
      throws Exception {
    SiloInit init = new SiloInit(home, new SystemRandomness());
    Map<String, Object> made = new LinkedHashMap<>();
    Bootstrap invitation = bootstrap == null ? null : NetworkOptions.read(bootstrap);
    String institution = institution(named, invitation);
    if (invitation != null) {
      papers.requireOf(invitation);
    }
    PublicKeys nodeKey = init.nodeKey(institution);
    made.put("nodeKey", nodeKey.toString());
    papers.into(init::policy, init::certificate, made);
    String address =
        aggregator != null || invitation == null ? aggregator : invitation.aggregator().toString();
    if (address != null) {
      Map<String, String> settings = new TreeMap<>();
      settings.put("concordat.institution", institution);
      settings.put("concordat.aggregator", ServerOptions.uri(address).toString());
      network.keep(new SiloHome(home), settings);
      if (records != null) {
        records.forEach((dataset, file) ->
            settings.put(
                "concordat.datasets." + dataset + ".files",
                Path.of(file).toAbsolutePath().toString()));
      }
      if (endorse != null) {
        endorse.forEach((name, key) -> settings.put("concordat.endorse." + name, key));
      }
      init.settings(settings);
      made.put("settings", home.resolve("config/application.yaml").toString());
    }
    boolean complete =
        invitation == null || enrol(home, invitation, nodeKey.classic(), network, made);
    if (output.json) {
      output.printJson(made);
    } else {
      made.forEach((key, value) -> output.terminal().line(key + ": " + value));
      output.say(
          complete
              ? "run it with: concordat silo run --home " + home
              : "read both fingerprints over the telephone, then call this again");
    }
    return ExitStatus.DONE;
  }

  private static String institution(@Nullable String named, @Nullable Bootstrap invitation)
      throws InvalidInputException {
    if (invitation == null) {
      if (named == null) {
        throw new InvalidInputException("give --institution ID, or --bootstrap FILE");
      }
      return named;
    }
    if (named != null && !named.equals(invitation.institution())) {
      throw new InvalidInputException(
          "the invitation is for " + invitation.institution() + ", not for " + named);
    }
    return invitation.institution();
  }

  /** Whether the certificate is in place now. */
  private static boolean enrol(
      Path home,
      Bootstrap invitation,
      VerifyingKey nodeKey,
      NetworkOptions network,
      Map<String, Object> made)
      throws Exception {
    Enrolment.Outcome outcome =
        new Enrolment(
                invitation,
                new SiloHome(home),
                new SystemRandomness(),
                network.bundle(),
                network.proxy())
            .proceed(Instant.now());
    made.put("invitationFingerprint", invitation.fingerprint().toString());
    made.put("requestFingerprint", outcome.request().shortFingerprint().toString());
    made.put("nodeKeyFingerprint", nodeKey.shortFingerprint().toString());
    made.put(
        "certificate",
        outcome
            .identity()
            .map(identity -> "valid until " + identity.certificate().getNotAfter().toInstant())
            .orElse("not issued yet"));
    return outcome.identity().isPresent();
  }

  @Command(
      name = "wrap",
      mixinStandardHelpOptions = true,
      description = {
        "Wrap the passwords of node key and TLS key by a PKCS#11 token; from then on the node starts with the token only.",
        "The token gets one AES-256 key of its own making, which never leaves it."
      })
  int wrap(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path home,
      @Mixin TokenOptions options,
      @Mixin Output output)
      throws Exception {
    SiloHome silo = HomeFiles.silo(home);
    options.wrap(
        silo.home(), List.of(silo.nodePasswordFile(), silo.home().tlsPasswordFile()), output);
    return ExitStatus.DONE;
  }

  @Command(
      name = "hold",
      mixinStandardHelpOptions = true,
      description = {
        "Have TLS keys made inside a PKCS#11 token from now on; they never leave it.",
        "Before the enrolment: the first key is made there. A node that has a certificate moves at its next look for a"
            + " renewal, without a restart; until then it uses the key it has."
      })
  int hold(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path home,
      @Mixin TokenOptions options,
      @Option(names = "--off", description = "Have TLS keys made in files again.") boolean off,
      @Mixin Output output)
      throws Exception {
    SiloHome silo = HomeFiles.silo(home);
    if (!off) {
      options.choose(silo.home());
    } else if (options.given()) {
      throw new InvalidInputException("--off takes no token");
    }
    HardwareToken.makeTlsKeys(silo.home(), !off);
    if (output.json) {
      output.printJson(Map.of("tlsKey", off ? "file" : "token"));
    } else {
      output.terminal().line("the next TLS key is made in " + (off ? "a file" : "the token"));
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "doctor",
      mixinStandardHelpOptions = true,
      description = {
        "Look over the way to the aggregator, on one page for the firewall team.",
        "DNS, proxy, the issuer of the certificate that answers, clock, an upload of 4 MiB, days left."
      })
  int doctor(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path home,
      @Mixin Output output)
      throws Exception {
    List<NetworkPage.Finding> findings = new NetworkPage(HomeFiles.silo(home)).look();
    boolean ok = findings.stream().allMatch(NetworkPage.Finding::ok);
    if (output.json) {
      output.printJson(Map.of("schema", "silo-doctor/1", "ok", ok, "findings", json(findings)));
    } else {
      Terminal terminal = output.terminal();
      for (NetworkPage.Finding finding : findings) {
        terminal.line(
            (finding.ok() ? terminal.good("ok  ") : terminal.bad("FAIL"))
                + "  "
                + String.format("%-14s", finding.what())
                + finding.found());
      }
    }
    return ok ? ExitStatus.DONE : ExitStatus.ENVIRONMENT;
  }

  private static List<Map<String, Object>> json(List<NetworkPage.Finding> findings) {
    List<Map<String, Object>> items = new ArrayList<>();
    for (NetworkPage.Finding finding : findings) {
      Map<String, Object> item = new LinkedHashMap<>();
      item.put("what", finding.what());
      item.put("ok", finding.ok());
      item.put("found", finding.found());
      items.add(item);
    }
    return items;
  }

  @Command(
      name = "token",
      mixinStandardHelpOptions = true,
      description = "Make a new token for the node's console; shown once, replaces the old one.")
  int token(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path home,
      @Mixin Output output)
      throws Exception {
    String token = new ConsoleInit(HomeFiles.silo(home), new SystemRandomness()).newToken();
    if (output.json) {
      output.printJson(Map.of("token", token));
    } else {
      output.terminal().line(token);
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "policy",
      mixinStandardHelpOptions = true,
      description = {
        "Say what the policy and your own overlay (config/overlay.yaml) together permit on this node.",
        "The overlay is read strictly: whatever would loosen the policy is refused with its line."
      })
  int policy(
      @Option(names = "--home", paramLabel = "DIR", required = true) Path home,
      @Option(
              names = "--overlay",
              paramLabel = "FILE",
              description = "Try this file instead of the home's.")
          @Nullable Path overlay,
      @Mixin Output output)
      throws Exception {
    return EffectivePolicy.print(new SiloHome(home), overlay, output);
  }

  @Command(
      name = "run",
      mixinStandardHelpOptions = true,
      description = "Run the silo node of a home in the foreground.")
  int run(@Option(names = "--home", paramLabel = "DIR", required = true) Path home)
      throws Exception {
    return HomeFiles.run(Programs.ofThisProcess(), "silo-node", home);
  }
}
