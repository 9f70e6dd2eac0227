package io.concordat.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Somebody who was handed a pack and has a policy file of their own. */
final class PackReader {
  private PackReader() {}

  /** Writes the reader's own copy of the newest policy and a pack, and verifies. */
  static List<Check> verify(Path folder, LoggedFederation federation, Map<String, byte[]> pack)
      throws IOException {
    return verify(
        folder, federation.policyFile, federation.policySignatures(federation.silos), pack);
  }

  /** The same with the reader's copy of any version. */
  static List<Check> verify(
      Path folder, byte[] policyFile, byte[] signatures, Map<String, byte[]> pack)
      throws IOException {
    Path own = Files.createTempDirectory(folder, "own").resolve("policy.yaml");
    Files.write(own, policyFile);
    Files.write(own.resolveSibling("policy.yaml.sig"), signatures);
    return PackVerifier.verify(write(Files.createTempDirectory(folder, "pack"), pack), own);
  }

  static Path write(Path folder, Map<String, byte[]> pack) throws IOException {
    for (Map.Entry<String, byte[]> file : pack.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(path.resolveSibling("."));
      Files.write(path, file.getValue());
    }
    return folder;
  }
}
