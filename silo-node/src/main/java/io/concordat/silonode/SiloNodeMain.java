package io.concordat.silonode;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.ConsoleInit;
import io.concordat.homes.Home;
import io.concordat.homes.HomeLock;
import io.concordat.homes.HomeSettings;
import io.concordat.homes.KernelSetting;
import io.concordat.homes.NativeProgram;
import io.concordat.homes.SiloHome;
import io.concordat.homes.blobs.NamedBlobs;
import io.concordat.homes.network.Outbound;
import io.concordat.silonode.config.StartFindings;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code java -jar quarkus-run.jar --home DIR}, or the native executable {@code concordat-silo
 * --home DIR}.
 *
 * <p>Everything that can be wrong with the home is said before Quarkus starts, in one sentence
 * each. Exit status: 0 stopped, 2 wrong usage or invalid settings, 3 the home or the environment.
 */
@QuarkusMain
public final class SiloNodeMain {
  private SiloNodeMain() {}

  public static void main(String... arguments) throws IOException {
    NativeProgram.loadFromBeside();
    Outbound.allowBasicOnConnect();
    @Nullable String root = null;
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--home") && i + 1 < arguments.length) {
        root = arguments[++i];
      } else if (arguments[i].startsWith("--home=")) {
        root = arguments[i].substring("--home=".length());
      } else {
        stop(2, "unknown argument " + arguments[i] + "; usage: --home DIR");
      }
    }
    Home home = Home.locate(root, System.getenv());
    SiloHome silo = new SiloHome(home);
    List<String> findings = StartFindings.ofHome(silo);
    if (!findings.isEmpty()) {
      stop(3, String.join("\n", findings));
    }
    try {
      Map<String, String> settings = HomeSettings.read(home.settingsFile());
      List<String> wrong = StartFindings.ofSettings(settings);
      if (!wrong.isEmpty()) {
        stop(2, String.join("\n", wrong));
      }
      KernelSetting.fix(settings, System.getenv()).ifPresent(reason -> stop(2, reason));
    } catch (IOException unreadable) {
      stop(2, unreadable.getMessage());
    }
    System.setProperty("concordat.home", home.root().toString());
    try (HomeLock lock = HomeLock.take(home)) {
      NamedBlobs.sweep(home.blobs());
      new ConsoleInit(silo, new SystemRandomness()).certificate(Instant.now());
      Quarkus.run(SiloNodeService.class, arguments);
    } catch (IOException | DecodeException environment) {
      stop(3, environment.getMessage());
    }
  }

  private static void stop(int status, @Nullable String sentence) {
    System.err.println("concordat silo node: " + sentence);
    System.exit(status);
  }
}
