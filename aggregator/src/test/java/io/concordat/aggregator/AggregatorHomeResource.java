package io.concordat.aggregator;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes a home before Quarkus starts and removes it afterwards. */
public final class AggregatorHomeResource implements QuarkusTestResourceLifecycleManager {
  private static Optional<TestFederation> current = Optional.empty();
  private static Optional<TestIssuer> issuing = Optional.empty();
  private Optional<Path> folder = Optional.empty();

  /** The federation of the running test; the same class loader as the test's own. */
  static TestFederation federation() {
    return current.orElseThrow();
  }

  /** The identity provider beside it. */
  static TestIssuer issuer() {
    return issuing.orElseThrow();
  }

  @Override
  public Map<String, String> start() {
    try {
      Path made = Files.createTempDirectory("concordat-aggregator-test");
      folder = Optional.of(made);
      TestFederation federation = new TestFederation(made);
      current = Optional.of(federation);
      Path home = federation.home;
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("concordat.home", home.toString());
      settings.put("concordat.node.inspected", "long-beach");
      TestIssuer issuer = new TestIssuer();
      issuing = Optional.of(issuer);
      settings.put("quarkus.oidc.tenant-enabled", "true");
      settings.put("quarkus.oidc.auth-server-url", issuer.address());
      settings.put("concordat.oidc.groups-claim", "realm_access/roles");
      settings.put(
          "quarkus.tls.concordat.key-store.p12.path", home.resolve("keys/tls.p12").toString());
      settings.put("quarkus.tls.concordat.key-store.p12.password", "secret");
      return settings;
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(federation(), new TestInjector.MatchesType(TestFederation.class));
  }

  @Override
  public void stop() {
    issuing.ifPresent(TestIssuer::close);
    folder.ifPresent(AggregatorHomeResource::remove);
  }

  private static void remove(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException ignored) {
      // A leftover in the system's temporary folder is no reason to fail a test.
    }
  }
}
