package io.concordat.client.command;

import io.concordat.crypto.bulk.Digests;
import io.concordat.homes.enrolment.Bootstrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What arrives for a home bit by bit: the signed policy, a certificate with its key. */
public final class PaperOptions {
  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "The signed policy; its signatures are FILE.sig.")
  private @Nullable Path policy;

  @Option(
      names = "--tls",
      paramLabel = "FILE.p12",
      description =
          "Key and certificate of 'concordat pki server' or 'concordat pki node'; the password is FILE.p12.password.")
  private @Nullable Path tls;

  @Option(names = "--ca", paramLabel = "FILE", description = "The certificate authority, PEM.")
  private @Nullable Path ca;

  /** Puts a policy into a home. */
  @FunctionalInterface
  interface Policy {
    void put(Path file, Path signatures) throws IOException;
  }

  /** Puts a certificate into a home. */
  @FunctionalInterface
  interface Certificate {
    void put(Path keyStore, String password, Path authority) throws IOException;
  }

  /** The invitation is to the federation whose policy was given. */
  void requireOf(Bootstrap invitation) throws IOException, InvalidInputException {
    if (policy != null && !Digests.sha256(Files.readAllBytes(policy)).equals(invitation.policy())) {
      throw new InvalidInputException(
          policy
              + ": not the policy that the invitation names ("
              + invitation.policy()
              + ", version "
              + invitation.policyVersion()
              + ")");
    }
  }

  /** Hands on what was given. */
  void into(Policy home, Certificate keys, Map<String, Object> made)
      throws IOException, InvalidInputException {
    if ((tls == null) != (ca == null)) {
      throw new InvalidInputException("--tls and --ca go together");
    }
    if (policy != null) {
      home.put(policy, policy.resolveSibling(policy.getFileName() + ".sig"));
      made.put("policy", policy.toString());
    }
    if (tls != null && ca != null) {
      Path password = tls.resolveSibling(tls.getFileName() + ".password");
      keys.put(tls, Files.readString(password, StandardCharsets.US_ASCII).strip(), ca);
    }
  }
}
