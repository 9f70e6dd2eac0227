package io.concordat.crypto.box;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Vectors as lines of "name hex"; a line of "#" begins the next case. */
final class Vectors {
  private Vectors() {}

  static List<Map<String, byte[]>> read(String name) throws IOException {
    List<Map<String, byte[]>> cases = new ArrayList<>();
    try (InputStream in = Vectors.class.getResourceAsStream(name)) {
      String text =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
      for (String line : text.lines().toList()) {
        if (line.startsWith("#")) {
          cases.add(new HashMap<>());
        } else {
          int space = line.indexOf(' ');
          cases
              .getLast()
              .put(line.substring(0, space), HexFormat.of().parseHex(line.substring(space + 1)));
        }
      }
    }
    return cases;
  }

  static byte[] get(Map<String, byte[]> vector, String name) {
    return Objects.requireNonNull(vector.get(name), name);
  }
}
