package io.concordat.nativekernel;

import io.concordat.crypto.ring.kernel.KernelUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a library from this jar into a folder of its owner's alone, loads it, and removes the
 * file again: the process keeps what it has mapped.
 */
final class NativeLibrary {
  /**
   * Where to unpack, if the temporary folder may not hold programs (mounted noexec). Not below
   * {@code concordat.}: services refuse to start with a setting of that name that they do not know.
   */
  static final String FOLDER_PROPERTY = "io.concordat.native.folder";

  /** A folder with the libraries as they are: beside a native executable nothing is unpacked. */
  static final String READY_PROPERTY = "io.concordat.native.libraries";

  private static final Map<String, String> FAILURES = new HashMap<>();
  private static final Map<String, Boolean> LOADED = new HashMap<>();

  private NativeLibrary() {}

  /**
   * Loads the library once in the life of this class; later calls repeat the first outcome.
   *
   * @param name without "lib" and ending
   */
  static synchronized void load(String name) throws KernelUnavailableException {
    if (LOADED.containsKey(name)) {
      return;
    }
    String failure = FAILURES.get(name);
    if (failure != null) {
      throw new KernelUnavailableException(failure);
    }
    try {
      Path ready = ready(name);
      if (ready == null) {
        unpackAndLoad(name);
      } else {
        loadReady(ready);
      }
      LOADED.put(name, true);
    } catch (KernelUnavailableException e) {
      FAILURES.put(name, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private static @Nullable Path ready(String name) {
    String folder = System.getProperty(READY_PROPERTY, "");
    if (folder.isEmpty()) {
      return null;
    }
    Path file = Path.of(folder).resolve(System.mapLibraryName(name)).toAbsolutePath();
    return Files.exists(file) ? file : null;
  }

  private static void loadReady(Path file) throws KernelUnavailableException {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new KernelUnavailableException(file + " cannot be loaded: " + e.getMessage(), e);
    }
  }

  private static void unpackAndLoad(String name) throws KernelUnavailableException {
    String resource = "/META-INF/native/" + platform() + "/" + System.mapLibraryName(name);
    try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new KernelUnavailableException("this build has no " + resource);
      }
      Path folder = folder();
      Path file = folder.resolve(System.mapLibraryName(name));
      try {
        Files.copy(in, file);
        System.load(file.toString());
      } finally {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new KernelUnavailableException("the library cannot be unpacked: " + e.getMessage(), e);
    } catch (UnsatisfiedLinkError e) {
      throw new KernelUnavailableException(
          "the library cannot be loaded: "
              + e.getMessage()
              + " (is the temporary folder mounted noexec? -D"
              + FOLDER_PROPERTY
              + "=FOLDER names another)",
          e);
    }
  }

  /** A fresh folder of mode 0700: nobody can exchange the file between writing and loading. */
  private static Path folder() throws IOException {
    String chosen = System.getProperty(FOLDER_PROPERTY, "");
    return chosen.isEmpty()
        ? Files.createTempDirectory("concordat-native-")
        : Files.createTempDirectory(Path.of(chosen), "concordat-native-");
  }

  /** The folder as cmake names it, linux-x86_64 for one. */
  private static String platform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch", "");
    return system + "-" + (processor.equals("amd64") ? "x86_64" : processor);
  }
}
