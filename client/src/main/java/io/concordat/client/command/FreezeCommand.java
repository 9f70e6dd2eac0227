package io.concordat.client.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.concordat.client.http.FederationClient;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.Durable;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import io.concordat.protocol.json.CanonicalJson;
import io.concordat.protocol.statement.Freeze;
import io.concordat.protocol.statement.SignedStatement;
import io.concordat.protocol.statement.Statement;
import io.concordat.protocol.statement.StatementSigner;
import io.concordat.protocol.statement.StatementType;
import io.concordat.protocol.statement.Thaw;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code concordat freeze ...}: one institution stops everything; the threshold lets it go on. */
@Command(
    name = "freeze",
    mixinStandardHelpOptions = true,
    description = {
      "Stop all openings and new rounds, or agree that they go on.",
      "A freeze is a signed file. It acts at a node the moment it arrives there by any way, so hand",
      "it to other institutions directly when the aggregator may be sitting on it: enough holders",
      "that have it stop every opening."
    },
    footer = {
      "",
      "Examples:",
      "  concordat freeze create --key charite-policy.pem --institution charite --reason \"key stolen\" -o freeze.json",
      "  concordat freeze apply freeze.json --home /var/lib/concordat     on each node's own machine",
      "  concordat freeze apply freeze.json                               hand it to the aggregator",
      "  concordat freeze show",
      "  concordat freeze thaw --key charite-policy.pem --institution charite --freeze 812 --reason \"key replaced\" -o thaw.json"
    })
public final class FreezeCommand {
  private static final int MAX_FILE_BYTES = 8192;

  /** Whose key signs: an officer's, or the node's. */
  static final class Signer {
    @ArgGroup(exclusive = false)
    @Nullable Officer officer;

    @Option(
        names = "--node-home",
        paramLabel = "DIR",
        description = "The home of your institution's node: its node key signs.")
    @Nullable Path nodeHome;
  }

  /** A policy key and the institution it signs for. */
  static final class Officer {
    @Option(
        names = "--key",
        paramLabel = "FILE",
        required = true,
        description = "A policy key of your institution.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    Path key;
  }

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      description = "Sign a freeze into a file. Nothing happens until a node or the log has it.")
  int create(
      @ArgGroup(multiplicity = "1") Signer signer,
      @Option(names = "--institution", paramLabel = "ID", required = true) String institution,
      @Option(names = "--reason", paramLabel = "TEXT", required = true) String reason,
      @Option(
              names = "--number",
              paramLabel = "N",
              description =
                  "Must exceed that of each earlier freeze and thaw of yours (default: the clock's seconds).")
          @Nullable Long number,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              required = true)
          Path file,
      @Mixin Output output)
      throws Exception {
    return write(new Freeze(institution, numbered(number), reason), signer, file, output);
  }

  @Command(
      name = "thaw",
      mixinStandardHelpOptions = true,
      description = "Sign your institution's agreement that the newest freeze ends, into a file.")
  int thaw(
      @ArgGroup(multiplicity = "1") Signer signer,
      @Option(names = "--institution", paramLabel = "ID", required = true) String institution,
      @Option(
              names = "--freeze",
              paramLabel = "ENTRY",
              required = true,
              description = "The freeze's place in the log, as 'concordat freeze show' says it.")
          long freeze,
      @Option(names = "--reason", paramLabel = "TEXT", required = true) String reason,
      @Option(names = "--number", paramLabel = "N", description = "As with create.")
          @Nullable Long number,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE",
              required = true)
          Path file,
      @Mixin Output output)
      throws Exception {
    return write(new Thaw(institution, numbered(number), freeze, reason), signer, file, output);
  }

  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = {
        "Hand a freeze or thaw file to a node by its home, where it acts within a second and at every",
        "start until the log has it; or, without --home, to the aggregator."
      })
  int apply(
      @Parameters(paramLabel = "FILE") Path file,
      @Option(
              names = "--home",
              paramLabel = "DIR",
              description = "The home of a node on this machine; repeat the command for each.")
          @Nullable Path home,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    byte[] bytes = bounded(file);
    SignedStatement signed = read(file, bytes);
    if (home == null) {
      try (FederationClient client = server.connect()) {
        JsonNode answer = client.post("/api/v1/freezes", new ObjectMapper().readTree(bytes));
        said(signed, "the aggregator logged it as entry " + answer.path("entry").asText(), output);
      }
    } else {
      SiloHome silo = new SiloHome(home);
      if (!Files.isDirectory(silo.home().config())) {
        throw new InvalidInputException(home + ": not a node's home");
      }
      Files.createDirectories(silo.freezes());
      Durable.publish(silo.freezes().resolve(signed.digest().hex() + ".json"), bytes);
      said(signed, "the node of " + home + " takes it now, or when it starts", output);
    }
    return ExitStatus.DONE;
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Say whether the federation is frozen, by whom, and who agreed to a thaw.")
  int show(@Mixin ServerOptions server, @Mixin Output output) throws Exception {
    try (FederationClient client = server.connect()) {
      JsonNode state = client.get("/api/v1/freezes");
      if (output.json) {
        output.printJson(state);
      } else if (!state.path("frozen").asBoolean()) {
        output.terminal().line("not frozen");
      } else {
        output
            .terminal()
            .line(
                "frozen by "
                    + state.path("institution").asText()
                    + " with entry "
                    + state.path("entry").asText()
                    + ": "
                    + state.path("reason").asText());
        List<String> agreed = new ArrayList<>();
        state.path("thaws").forEach(institution -> agreed.add(institution.asText()));
        output
            .terminal()
            .line(
                "thaw agreed to by "
                    + (agreed.isEmpty() ? "nobody yet" : String.join(", ", agreed))
                    + "; "
                    + state.path("needed").asText()
                    + " institutions are needed");
      }
      return ExitStatus.DONE;
    }
  }

  private static long numbered(@Nullable Long number) {
    return number == null ? Instant.now().getEpochSecond() : number;
  }

  private static int write(Statement statement, Signer signer, Path file, Output output)
      throws Exception {
    SigningKey key =
        signer.nodeHome != null
            ? SiloInit.readNodeKey(new SiloHome(signer.nodeHome))
            : SubmitterKeys.read(java.util.Objects.requireNonNull(signer.officer).key);
    SignedStatement signed;
    try {
      signed = SignedStatement.sign(statement, StatementSigner.of(key));
    } finally {
      key.destroy();
    }
    // Reads back before it is handed on: a reason with a line break stops here and not at a node.
    read(file, signed.json().bytes());
    Files.write(file, signed.json().bytes());
    said(signed, "written to " + file, output);
    return ExitStatus.DONE;
  }

  private static void said(SignedStatement signed, String what, Output output) {
    if (output.json) {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("type", signed.type().wireName());
      tree.put("digest", signed.digest().toString());
      tree.put("key", signed.signer().toString());
      tree.put("statement", new String(signed.bytes(), StandardCharsets.UTF_8));
      output.printJson(tree);
    } else {
      output.terminal().line(signed.type().wireName() + ": " + what);
    }
  }

  private static byte[] bounded(Path file) throws IOException, InvalidInputException {
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new InvalidInputException(file + ": too large for a freeze or thaw");
    }
    return Files.readAllBytes(file);
  }

  private static SignedStatement read(Path file, byte[] bytes) throws InvalidInputException {
    try {
      SignedStatement signed = SignedStatement.read(CanonicalJson.parseObject(bytes));
      if (signed.type() == StatementType.FREEZE || signed.type() == StatementType.THAW) {
        return signed;
      }
      throw new InvalidInputException(file + ": a " + signed.type().wireName() + ", no freeze");
    } catch (DecodeException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
  }
}
