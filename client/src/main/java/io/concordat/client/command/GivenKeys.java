package io.concordat.client.command;

import io.concordat.crypto.DecodeException;
import io.concordat.crypto.sign.PublicKeys;
import io.concordat.protocol.policy.LogKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Public keys as people hand them to the commands that write a policy. */
final class GivenKeys {
  private GivenKeys() {}

  /** What {@code aggregator init} wrote: the log's three public halves, one a line. */
  static LogKeys ofLog(Path file) throws IOException, InvalidInputException {
    List<String> lines = Files.readAllLines(file);
    if (lines.size() != 3) {
      throw new InvalidInputException(
          file + ": expected three lines, the log's Ed25519, ML-DSA-44 and release keys");
    }
    return new LogKeys(lines.get(0), lines.get(1), lines.get(2));
  }

  /** Keys by institution. */
  static Map<String, PublicKeys> of(@Nullable Map<String, String> given)
      throws InvalidInputException {
    Map<String, PublicKeys> out = new TreeMap<>();
    for (Map.Entry<String, String> key :
        (given == null ? Map.<String, String>of() : given).entrySet()) {
      try {
        out.put(key.getKey(), PublicKeys.parse(key.getValue()));
      } catch (DecodeException e) {
        throw new InvalidInputException(key.getKey() + ": " + e.getMessage(), e);
      }
    }
    return out;
  }
}
