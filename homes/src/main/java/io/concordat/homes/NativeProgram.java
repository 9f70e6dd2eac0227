package io.concordat.homes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether this process is a native executable, and where that lies: what belongs to a program lies
 * beside it.
 */
public final class NativeProgram {
  /** Set by every native executable when it starts, and by nothing else. */
  private static final String MARK = "org.graalvm.nativeimage.imagecode";

  private NativeProgram() {}

  public static boolean isThisProcess() {
    return "runtime".equals(System.getProperty(MARK));
  }

  /** The file that runs, links resolved; empty on a Java virtual machine. */
  public static Optional<Path> executable() {
    return isThisProcess()
        ? ProcessHandle.current().info().command().map(Path::of)
        : Optional.empty();
  }

  /**
   * Has the ring kernel and SQLite's library loaded from {@code lib} beside this executable, if
   * they lie there; else each is unpacked into the temporary folder, which then must allow
   * programs. To be called first in {@code main}: static state is made while the executable is
   * built.
   */
  public static void loadFromBeside() {
    beside("lib")
        .filter(Files::isDirectory)
        .ifPresent(folder -> {
          System.setProperty("io.concordat.native.libraries", folder.toString());
          if (Files.exists(folder.resolve("libsqlitejdbc.so"))) {
            System.setProperty("org.sqlite.lib.path", folder.toString());
            System.setProperty("org.sqlite.lib.name", "libsqlitejdbc.so");
          }
        });
  }

  /** A file or folder beside this executable. */
  public static Optional<Path> beside(String name) {
    return executable().map(file -> file.resolveSibling(name));
  }
}
