package io.concordat.client.command;

import io.concordat.client.http.FederationClient;
import io.concordat.client.http.UnreachableException;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.KeyStores;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.homes.AuthorityFolder;
import io.concordat.homes.enrolment.CertificateAsk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code concordat pki ...}: the federation's certificate authority. It opens TLS doors and nothing
 * else.
 */
@Command(
    name = "pki",
    mixinStandardHelpOptions = true,
    description = {
      "Run the federation's certificate authority. Its key belongs on a machine of its own, never on the aggregator's.",
      "What the protocol trusts are the keys in the signed policy; these certificates only open TLS connections."
    },
    footer = {
      "",
      "Examples:",
      "  concordat pki init --federation cardio-eu --dir ca",
      "  concordat pki server --dir ca --host aggregator.example -o aggregator.p12",
      "  concordat pki node charite --dir ca -o charite.p12",
      "  concordat pki request charite.request --institution charite --fingerprint 7Q2M-... --dir ca -o charite.pem",
      "  concordat pki renew --dir ca --policy policy.yaml --server https://aggregator.example:8443 --every 3600"
    })
public final class PkiCommand {
  @Command(
      name = "init",
      mixinStandardHelpOptions = true,
      description = "Make the root key and certificate.")
  int init(
      @Option(names = "--federation", paramLabel = "ID", required = true) String federation,
      @Option(
              names = "--dir",
              paramLabel = "DIR",
              required = true,
              description = "A new folder for the authority.")
          Path folder,
      @Mixin Output output)
      throws Exception {
    AuthorityFolder place = new AuthorityFolder(folder);
    if (place.exists()) {
      throw new InvalidInputException(
          folder + ": holds an authority already; a root key is never replaced");
    }
    Randomness randomness = new SystemRandomness();
    CertificateAuthority authority;
    try {
      authority =
          CertificateAuthority.create(
              federation, Instant.now(), CertificateAuthority.ROOT_LIFE, randomness);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("--federation " + federation + ": " + e.getMessage(), e);
    }
    place.save(authority, randomness);
    return made(
        output, place.certificate(), authority.certificate(), "give ca.pem to every institution");
  }

  @Command(
      name = "server",
      mixinStandardHelpOptions = true,
      description = "Make the aggregator's key and certificate.")
  int server(
      @Mixin AuthorityOption place,
      @Option(
              names = "--host",
              paramLabel = "NAME",
              description = "DNS name or address the aggregator is reached by; repeatable.")
          @Nullable List<String> hosts,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE.p12",
              required = true)
          Path target,
      @Mixin Output output)
      throws Exception {
    Randomness randomness = new SystemRandomness();
    CertificateAuthority authority = place.open();
    TlsKey key = TlsKey.generate(randomness);
    X509Certificate certificate;
    try {
      certificate =
          authority.issueServer(
              CertificateRequest.create(key, "aggregator"),
              hosts == null ? List.of() : hosts,
              Instant.now(),
              CertificateAuthority.LEAF_LIFE,
              randomness);
    } catch (DecodeException bad) {
      throw new InvalidInputException("--host: " + bad.getMessage(), bad);
    }
    return save(output, target, new TlsIdentity(key, List.of(certificate)), randomness);
  }

  @Command(
      name = "node",
      mixinStandardHelpOptions = true,
      description = "Make a node's key and certificate.")
  int node(
      @Parameters(paramLabel = "INSTITUTION") String institution,
      @Mixin AuthorityOption place,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE.p12",
              required = true)
          Path target,
      @Mixin Output output)
      throws Exception {
    Randomness randomness = new SystemRandomness();
    CertificateAuthority authority = place.open();
    TlsKey key = TlsKey.generate(randomness);
    X509Certificate certificate =
        issue(authority, CertificateRequest.create(key, institution), institution);
    return save(output, target, new TlsIdentity(key, List.of(certificate)), randomness);
  }

  @Command(
      name = "request",
      mixinStandardHelpOptions = true,
      description = {
        "Sign a request whose key stays on its node: a node's, as 'concordat aggregator request' fetched it, or PKCS#10.",
        "Compare the fingerprint with the institution over the telephone first."
      })
  int request(
      @Parameters(paramLabel = "REQUEST") Path file,
      @Option(
              names = "--institution",
              paramLabel = "ID",
              required = true,
              description = "Whose request you compared by telephone.")
          String institution,
      @Option(
              names = "--fingerprint",
              paramLabel = "TEXT",
              required = true,
              description = "What the institution read to you over the telephone.")
          String fingerprint,
      @Mixin AuthorityOption place,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FILE.pem",
              required = true)
          Path target,
      @Mixin Output output)
      throws Exception {
    CertificateRequest request;
    try {
      byte[] bytes = Files.readAllBytes(file);
      request =
          bytes.length > 0 && bytes[0] == '{'
              ? CertificateAsk.read(bytes).request()
              : CertificateRequest.fromPem(new String(bytes, StandardCharsets.US_ASCII));
    } catch (DecodeException e) {
      throw new InvalidInputException(file + ": " + e.getMessage(), e);
    }
    if (!request.shortFingerprint().text().equalsIgnoreCase(fingerprint.strip())) {
      throw new InvalidInputException(
          file + ": its fingerprint is " + request.shortFingerprint() + ", not " + fingerprint);
    }
    X509Certificate certificate = issue(place.open(), request, institution);
    Files.writeString(target, Certificates.toPem(certificate));
    return made(output, target, certificate, "send it back to " + institution);
  }

  @Command(
      name = "renew",
      mixinStandardHelpOptions = true,
      description = {
        "Sign the renewals that nodes have asked the aggregator for, each checked here against the policy's node keys.",
        "Runs on the authority's machine, which dials out; first enrolments are never signed by it."
      })
  int renew(
      @Mixin AuthorityOption place,
      @Option(
              names = "--policy",
              paramLabel = "FILE",
              required = true,
              description = "Your own copy of the signed policy; its signatures are FILE.sig.")
          Path policy,
      @Option(
              names = "--every",
              paramLabel = "SECONDS",
              description = "Stay, and look again after so long.")
          int every,
      @Mixin ServerOptions server,
      @Mixin Output output)
      throws Exception {
    CertificateAuthority authority = place.open();
    try (FederationClient client = server.connect()) {
      while (true) {
        try {
          // Read each time: the policy may have been replaced since the last turn.
          int issued = Renewals.sign(client, authority, Renewals.nodeKeys(policy), output);
          output.say(issued + " renewed");
        } catch (UnreachableException away) {
          if (every <= 0) {
            throw away;
          }
          output.terminal().error(away.getMessage() + "; tried again in " + every + " s");
        }
        if (every <= 0) {
          return ExitStatus.DONE;
        }
        Thread.sleep(Duration.ofSeconds(every));
      }
    }
  }

  private static X509Certificate issue(
      CertificateAuthority authority, CertificateRequest request, String institution)
      throws DecodeException, InvalidInputException {
    try {
      return authority.issueNode(
          request,
          institution,
          Instant.now(),
          CertificateAuthority.LEAF_LIFE,
          new SystemRandomness());
    } catch (IllegalArgumentException bad) {
      throw new InvalidInputException(institution + ": " + bad.getMessage(), bad);
    }
  }

  private static int save(Output output, Path target, TlsIdentity identity, Randomness randomness)
      throws IOException, InvalidInputException {
    if (Files.exists(target)) {
      throw new InvalidInputException(target + ": exists already; a key is never overwritten");
    }
    char[] password = KeyStores.newPassword(randomness);
    SecretFile.write(
        target.resolveSibling(target.getFileName() + ".password"),
        new String(password).getBytes(StandardCharsets.US_ASCII));
    identity.save(target, password);
    Arrays.fill(password, '\0');
    return made(
        output,
        target,
        identity.certificate(),
        "its password lies beside it in " + target.getFileName() + ".password");
  }

  private static int made(Output output, Path file, X509Certificate certificate, String next) {
    String fingerprint = Certificates.shortFingerprint(certificate).toString();
    if (output.json) {
      output.printJson(
          Map.of(
              "file",
              file.toString(),
              "fingerprint",
              fingerprint,
              "notAfter",
              certificate.getNotAfter().toInstant().toString()));
    } else {
      output
          .terminal()
          .line(
              file + "  " + fingerprint + "  valid until " + certificate.getNotAfter().toInstant());
      output.say(next);
    }
    return ExitStatus.DONE;
  }
}
