package io.concordat.client.demo;

import io.concordat.client.http.FederationClient;
import io.concordat.client.http.FederationTls;
import io.concordat.crypto.DecodeException;
import io.concordat.crypto.pki.CertificateAuthority;
import io.concordat.crypto.pki.CertificateRequest;
import io.concordat.crypto.pki.Certificates;
import io.concordat.crypto.pki.KeyStores;
import io.concordat.crypto.pki.TlsIdentity;
import io.concordat.crypto.pki.TlsKey;
import io.concordat.crypto.random.Randomness;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.homes.AggregatorInit;
import io.concordat.homes.AuthorityFolder;
import io.concordat.homes.SiloInit;
import io.concordat.policies.PolicySignatures;
import io.concordat.policies.PolicyTemplate;
import io.concordat.protocol.policy.LogKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The demo's four hospitals and their aggregator: makes keys, certificates, policy and homes below
 * one folder, then runs five processes. The steps are those of a real federation, in the order that
 * institutions take them; only that one person takes them all is not.
 */
public final class LocalFederation implements AutoCloseable {
  private static final String FEDERATION = "cardio-demo";
  private static final String ORIGIN = "concordat.example/cardio-demo";

  /** Roles of the tokens that are made, by the name of their holder. */
  private static final Map<String, String> PEOPLE =
      Map.of(
          "scientist", "data-scientist", "officer", "compliance-officer", "operator", "operator");

  private final Path folder;
  private final Programs programs;
  private final Map<String, String> tokens;
  private final SigningKey submitter;
  private final Map<String, SigningKey> officers;
  private final ServiceProcess aggregator;
  private final Map<String, ServiceProcess> silos;

  private LocalFederation(
      Path folder,
      Programs programs,
      Map<String, String> tokens,
      SigningKey submitter,
      Map<String, SigningKey> officers,
      ServiceProcess aggregator,
      Map<String, ServiceProcess> silos) {
    this.folder = folder;
    this.programs = programs;
    this.tokens = Map.copyOf(tokens);
    this.submitter = submitter;
    this.officers = Map.copyOf(officers);
    this.aggregator = aggregator;
    this.silos = new LinkedHashMap<>(silos);
  }

  /** What a silo is started with: its dataset files by dataset id. */
  public record SiloRecords(String institution, Map<String, Path> files) {
    public SiloRecords {
      files = Map.copyOf(files);
    }
  }

  /**
   * Makes the federation's keys, policy and homes. Nothing runs yet.
   *
   * @param folder an empty folder, which then holds everything
   * @param hospitals the silos with their record files, in the policy's order
   * @param aggregatorPort HTTPS port of the aggregator; 0 for any free one. It is fixed by the
   *     first start, so that nodes find a restarted aggregator
   */
  public static LocalFederation create(
      Path folder,
      Programs programs,
      List<SiloRecords> hospitals,
      int aggregatorPort,
      Instant now,
      Randomness randomness)
      throws IOException, DecodeException {
    CertificateAuthority authority =
        CertificateAuthority.create(FEDERATION, now, CertificateAuthority.ROOT_LIFE, randomness);
    Path ca = folder.resolve("ca.pem");
    Files.writeString(ca, Certificates.toPem(authority.certificate()));
    // Elsewhere it lies on a machine of its own; here, so that 'concordat pki renew' can be tried.
    new AuthorityFolder(folder.resolve("ca")).save(authority, randomness);

    AggregatorInit aggregatorInit = new AggregatorInit(folder.resolve("aggregator"), randomness);
    LogKeys logKeys = aggregatorInit.logKey(ORIGIN);
    Map<String, SigningKey> policyKeys = new TreeMap<>();
    Map<String, PublicKeys> policyPublic = new TreeMap<>();
    Map<String, PublicKeys> nodePublic = new TreeMap<>();
    Map<String, SiloInit> inits = new LinkedHashMap<>();
    for (SiloRecords hospital : hospitals) {
      String id = hospital.institution();
      SiloInit init = new SiloInit(folder.resolve(id), randomness);
      inits.put(id, init);
      nodePublic.put(id, init.nodeKey(id));
      SigningKey policyKey = SigningKey.generate(randomness);
      policyKeys.put(id, policyKey);
      policyPublic.put(id, policyKey.publicKeys());
    }

    Path policy = folder.resolve("policy.yaml");
    Path signatures = folder.resolve("policy.yaml.sig");
    byte[] policyBytes =
        PolicyTemplate.demoConsortium()
            .fill(policyPublic, nodePublic, logKeys, now.minusSeconds(60));
    Files.write(policy, policyBytes);
    PolicySignatures signed = PolicySignatures.none(policyBytes);
    for (SigningKey key : policyKeys.values()) {
      signed = signed.sign(policyBytes, key);
    }
    Files.write(signatures, signed.write());

    char[] password = KeyStores.newPassword(randomness);
    Path store = folder.resolve("aggregator-tls.p12");
    TlsKey serverKey = TlsKey.generate(randomness);
    X509Certificate server =
        authority.issueServer(
            CertificateRequest.create(serverKey, "aggregator"),
            List.of(),
            now,
            CertificateAuthority.LEAF_LIFE,
            randomness);
    new TlsIdentity(serverKey, List.of(server)).save(store, password);
    aggregatorInit.policy(policy, signatures);
    aggregatorInit.certificate(store, new String(password), ca);
    Files.delete(store);
    int port = aggregatorPort == 0 ? FreePort.any() : aggregatorPort;
    aggregatorInit.settings(
        Map.of(
            "concordat.port", Integer.toString(port),
            "concordat.listen", "127.0.0.1",
            "concordat.management.port", "0"));
    Map<String, String> tokens = aggregatorInit.tokens(PEOPLE);

    SigningKey submitter = SigningKey.generate(randomness);
    ServiceProcess aggregatorProcess =
        new ServiceProcess(
            "aggregator",
            folder.resolve("aggregator"),
            programs.command("aggregator", folder.resolve("aggregator")),
            Map.of());
    Map<String, ServiceProcess> silos = new LinkedHashMap<>();
    for (SiloRecords hospital : hospitals) {
      String id = hospital.institution();
      Path home = folder.resolve(id);
      char[] nodePassword = KeyStores.newPassword(randomness);
      Path nodeStore = folder.resolve(id + "-tls.p12");
      TlsKey nodeKey = TlsKey.generate(randomness);
      X509Certificate certificate =
          authority.issueNode(
              CertificateRequest.create(nodeKey, id),
              id,
              now,
              CertificateAuthority.LEAF_LIFE,
              randomness);
      new TlsIdentity(nodeKey, List.of(certificate)).save(nodeStore, nodePassword);
      SiloInit init = inits.get(id);
      if (init == null) {
        throw new IllegalStateException(id + " has no home");
      }
      init.policy(policy, signatures);
      init.certificate(nodeStore, new String(nodePassword), ca);
      Files.delete(nodeStore);
      Map<String, String> settings = new TreeMap<>();
      settings.put("concordat.institution", id);
      settings.put("concordat.aggregator", "https://localhost:" + port);
      settings.put("concordat.console.port", "0");
      settings.put("concordat.management.port", "0");
      if (id.equals(hospitals.get(0).institution())) {
        settings.put("concordat.endorse.scientist", submitter.verifyingKey().toString());
      }
      hospital
          .files()
          .forEach((dataset, file) ->
              settings.put("concordat.datasets." + dataset + ".files", file.toString()));
      init.settings(settings);
      silos.put(
          id,
          new ServiceProcess(
              id,
              home,
              programs.command("silo-node", home),
              Map.of("DJL_CACHE_DIR", programs.engineCache().toString())));
    }
    return new LocalFederation(
        folder, programs, tokens, submitter, policyKeys, aggregatorProcess, silos);
  }

  /**
   * Starts all processes: the aggregator, beside it the unpacking of the engine, then the silos,
   * which wait for each other's processors but not for each other.
   *
   * @param progress told the name of each service when it is ready
   */
  public void start(Consumer<String> progress) throws IOException, InterruptedException {
    aggregator.start();
    programs.unpackEngine();
    aggregator.awaitReady();
    progress.accept("aggregator");
    List<ServiceProcess> starting = new ArrayList<>(silos.values());
    for (ServiceProcess silo : starting) {
      silo.start();
    }
    for (ServiceProcess silo : starting) {
      silo.awaitReady();
      progress.accept(silo.name());
    }
  }

  /** A client with the token of one of {@code scientist}, {@code officer}, {@code operator}. */
  public FederationClient client(String person) throws IOException, InterruptedException {
    String token = tokens.get(person);
    if (token == null) {
      throw new IllegalArgumentException(person + " has no token; there are " + tokens.keySet());
    }
    return new FederationClient(
        URI.create(aggregator.awaitReady().url()),
        token,
        FederationTls.trusting(folder.resolve("ca.pem")));
  }

  /** The key that signs jobs; one hospital endorsed it. */
  public SigningKey submitter() {
    return submitter;
  }

  /** The policy key of an institution's officer. Elsewhere it lies on no server. */
  public SigningKey officer(String institution) {
    SigningKey key = officers.get(institution);
    if (key == null) {
      throw new IllegalArgumentException("no officer of " + institution);
    }
    return key;
  }

  public ServiceProcess aggregator() {
    return aggregator;
  }

  public ServiceProcess silo(String institution) {
    ServiceProcess silo = silos.get(institution);
    if (silo == null) {
      throw new IllegalArgumentException(
          "no silo " + institution + "; there are " + silos.keySet());
    }
    return silo;
  }

  /** Takes in a node that was made later, in a home of its own; it is closed with the others. */
  public ServiceProcess join(String institution, Path home) throws IOException {
    ServiceProcess node =
        new ServiceProcess(
            institution,
            home,
            programs.command("silo-node", home),
            Map.of("DJL_CACHE_DIR", programs.engineCache().toString()));
    silos.put(institution, node);
    return node;
  }

  /** The folder with everything: homes, ca.pem, policy.yaml and its signatures. */
  public Path folder() {
    return folder;
  }

  /** Writes each person's token into a file of its own, readable by the owner only. */
  public Path writeTokens() throws IOException {
    Path out = folder.resolve("tokens");
    SecretFile.createFolder(out);
    for (Map.Entry<String, String> token : tokens.entrySet()) {
      SecretFile.write(
          out.resolve(token.getKey()), token.getValue().getBytes(StandardCharsets.US_ASCII));
    }
    return out;
  }

  /** Process ids of all running services. */
  public List<String> pids() {
    List<String> out = new ArrayList<>();
    for (ServiceProcess silo : silos.values()) {
      silo.pid().ifPresent(pid -> out.add(Long.toString(pid)));
    }
    aggregator.pid().ifPresent(pid -> out.add(Long.toString(pid)));
    return out;
  }

  @Override
  public void close() throws InterruptedException {
    for (ServiceProcess silo : silos.values()) {
      silo.close();
    }
    aggregator.close();
    submitter.destroy();
    officers.values().forEach(SigningKey::destroy);
  }
}
