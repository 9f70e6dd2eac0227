package io.concordat.client.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code concordat login} remembers: {@code key: value} lines of server, ca, tokenFile and
 * keyFile. The token itself stays in its own file.
 */
record Profile(
    @Nullable String server,
    @Nullable String ca,
    @Nullable String tokenFile,
    @Nullable String keyFile) {

  static Path defaultFile() {
    String config = System.getenv("XDG_CONFIG_HOME");
    Path base =
        config == null || config.isBlank()
            ? Path.of(System.getProperty("user.home"), ".config")
            : Path.of(config);
    return base.resolve("concordat").resolve("client.yaml");
  }

  static Profile read(Path file) throws IOException, InvalidInputException {
    Map<String, String> values = new LinkedHashMap<>();
    if (Files.exists(file)) {
      int number = 0;
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        number++;
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        int colon = line.indexOf(": ");
        String key = colon < 0 ? line : line.substring(0, colon);
        if (colon < 0 || !key.matches("server|ca|tokenFile|keyFile")) {
          throw new InvalidInputException(
              file
                  + ":"
                  + number
                  + ": expected 'server', 'ca', 'tokenFile' or 'keyFile', a colon and a value");
        }
        values.put(key, line.substring(colon + 2).strip());
      }
    }
    return new Profile(
        values.get("server"), values.get("ca"), values.get("tokenFile"), values.get("keyFile"));
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    StringBuilder text = new StringBuilder();
    append(text, "server", server);
    append(text, "ca", ca);
    append(text, "tokenFile", tokenFile);
    append(text, "keyFile", keyFile);
    Files.writeString(file, text);
  }

  private static void append(StringBuilder text, String key, @Nullable String value) {
    if (value != null) {
      text.append(key).append(": ").append(value).append('\n');
    }
  }
}
