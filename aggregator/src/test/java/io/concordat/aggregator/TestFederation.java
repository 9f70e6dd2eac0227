package io.concordat.aggregator;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.bulk.Digests;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.TlsContexts;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.AggregatorInit;
import io.concordat.policies.PolicyReader;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.PolicyTemplate;
import io.concordat.protocol.policy.LogKeys;
import io.concordat.protocol.policy.Policy;
import io.concordat.protocol.refusal.RefusedException;
import io.concordat.protocol.request.RequestSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/** The demo's consortium with keys of its own and a home for its aggregator. */
final class TestFederation {
  static final String ORIGIN = "concordat.example/cardio-demo";
  static final List<String> INSTITUTIONS =
      List.of("cleveland", "budapest", "zurich-basel", "long-beach");

  private static final String PEOPLE =
      """

      people:
        - {role: data-scientist, issuer: "%s", group: scientists}
        - {role: compliance-officer, issuer: "%s", group: dpo}
        - {role: operator, issuer: "%s", group: it}
        - {role: operator, issuer: "https://elsewhere.example", group: scientists}
      """
          .replace("%s", TestIssuer.ISSUER);

  private static final Randomness RANDOMNESS = new SystemRandomness();

  final Path home;
  final Policy policy;
  final Map<String, String> tokens;
  private final CertificateAuthority authority;
  private final Map<String, SSLContext> nodeTls = new TreeMap<>();
  private final Map<String, X509Certificate> certificates = new TreeMap<>();

  TestFederation(Path folder) throws IOException, DecodeException, RefusedException {
    home = folder.resolve("aggregator");
    Instant now = Instant.now();
    authority = CertificateAuthority.create("cardio-demo", now, Duration.ofDays(30), RANDOMNESS);
    Path ca = folder.resolve("ca.pem");
    Files.writeString(ca, Certificates.toPem(authority.certificate()));
    Path server = folder.resolve("server.p12");
    TlsKey key = TlsKey.generate(RANDOMNESS);
    X509Certificate issued =
        authority.issueServer(
            CertificateRequest.create(key, "aggregator"),
            List.of("localhost"),
            now,
            Duration.ofDays(10),
            RANDOMNESS);
    new TlsIdentity(key, List.of(issued)).save(server, "secret".toCharArray());

    AggregatorInit init = new AggregatorInit(home, RANDOMNESS);
    LogKeys logKeys = init.logKey(ORIGIN);
    Map<String, PublicKeys> policyKeys = new TreeMap<>();
    Map<String, PublicKeys> nodeKeys = new TreeMap<>();
    for (String institution : INSTITUTIONS) {
      policyKeys.put(institution, policyKey(institution).publicKeys());
      nodeKeys.put(institution, nodeKey(institution).publicKeys());
    }
    byte[] filled =
        PolicyTemplate.demoConsortium()
            .fill(policyKeys, nodeKeys, logKeys, now.minus(Duration.ofHours(1)));
    byte[] file =
        (new String(filled, StandardCharsets.UTF_8) + PEOPLE).getBytes(StandardCharsets.UTF_8);
    policy = PolicyReader.read("policy.yaml", file).orThrow();
    PolicySignatures signatures = PolicySignatures.none(file);
    for (String institution : INSTITUTIONS) {
      signatures = signatures.sign(file, policyKey(institution));
    }
    Path policyFile = folder.resolve("policy.yaml");
    Files.write(policyFile, file);
    Path signatureFile = folder.resolve("policy.sig");
    Files.write(signatureFile, signatures.write());
    init.policy(policyFile, signatureFile);
    init.certificate(server, "secret", ca);
    tokens =
        init.tokens(
            Map.of("ada", "data-scientist", "carl", "compliance-officer", "olga", "operator"));
  }

  static SigningKey policyKey(String institution) {
    return key("policy " + institution);
  }

  static SigningKey nodeKey(String institution) {
    return key("node " + institution);
  }

  /** Signs requests as an institution's node does. */
  static RequestSigner signer(String institution) {
    SigningKey key = nodeKey(institution);
    return new RequestSigner("cardio-demo", key.verifyingKey(), key::signForeign, RANDOMNESS);
  }

  static SigningKey key(String label) {
    return SigningKey.fromSeed(Digests.sha256(label.getBytes(StandardCharsets.US_ASCII)).bytes());
  }

  /** What a node of this name dials with; made once a name. */
  synchronized SSLContext node(String institution) throws IOException, DecodeException {
    SSLContext known = nodeTls.get(institution);
    return known != null ? known : newNode(institution);
  }

  /** Digest of the key in the newest certificate of this name. */
  synchronized Digest keyDigest(String institution) {
    return Certificates.keyDigest(Objects.requireNonNull(certificates.get(institution)));
  }

  /** A certificate that was not there before; others stay good. */
  synchronized SSLContext newNode(String institution) throws IOException, DecodeException {
    TlsKey key = TlsKey.generate(RANDOMNESS);
    X509Certificate issued =
        authority.issueNode(
            CertificateRequest.create(key, institution),
            institution,
            Instant.now(),
            Duration.ofDays(10),
            RANDOMNESS);
    SSLContext made =
        TlsContexts.mutual(new TlsIdentity(key, List.of(issued)), List.of(authority.certificate()));
    nodeTls.put(institution, made);
    certificates.put(institution, issued);
    return made;
  }

  /** What a node dials with whose certificate began at {@code from} and ends 10 days later. */
  SSLContext node(CertificateAuthority issuer, String institution, Instant from)
      throws DecodeException {
    TlsKey key = TlsKey.generate(RANDOMNESS);
    X509Certificate issued =
        issuer.issueNode(
            CertificateRequest.create(key, institution),
            institution,
            from,
            Duration.ofDays(10),
            RANDOMNESS);
    return TlsContexts.mutual(
        new TlsIdentity(key, List.of(issued)), List.of(authority.certificate()));
  }

  CertificateAuthority authority() {
    return authority;
  }

  /** Signs a request as the authority's machine does. */
  X509Certificate issue(CertificateRequest request, String institution) throws DecodeException {
    return authority.issueNode(request, institution, Instant.now(), Duration.ofDays(9), RANDOMNESS);
  }

  /** What a person dials with: the authority is known, no certificate of one's own. */
  SSLContext person() {
    return TlsContexts.client(List.of(authority.certificate()));
  }
}
