package io.concordat.homes.token;

import io.concordat.crypto.random.SystemRandomness;
import io.concordat.homes.SiloHome;
import io.concordat.homes.SiloInit;
import java.nio.file.Path;

/**
 * Wraps or reads a node key's password in a process of its own: SoftHSM finds its token by the
 * environment, which a test cannot change for itself.
 */
public final class WrappingProcess {
  private WrappingProcess() {}

  public static void main(String... arguments) throws Exception {
    SiloHome silo = new SiloHome(Path.of(arguments[1]));
    if (arguments[0].equals("wrap")) {
      HardwareToken token =
          HardwareToken.choose(silo.home(), Path.of(arguments[2]), 0, arguments[3]);
      System.out.println(
          "wrapped "
              + PasswordFile.wrap(
                  silo.home(), silo.nodePasswordFile(), token, new SystemRandomness()));
    }
    System.out.println("key " + SiloInit.readNodeKey(silo).verifyingKey());
  }
}
