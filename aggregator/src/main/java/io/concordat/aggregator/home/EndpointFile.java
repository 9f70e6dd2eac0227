package io.concordat.aggregator.home;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * {@code endpoint.json}: where the running process really listens, for scripts that asked for port
 * 0.
 */
public final class EndpointFile {
  private EndpointFile() {}

  public static void write(Home home, String url, String managementUrl) throws IOException {
    // Host names and ports need no escaping: the settings were parsed as such before we came here.
    String json =
        "{\"url\":\""
            + url
            + "\",\"managementUrl\":\""
            + managementUrl
            + "\",\"pid\":"
            + ProcessHandle.current().pid()
            + "}\n";
    Home.writePublic(home.endpointFile(), json.getBytes(StandardCharsets.US_ASCII));
  }

  /** A stopped process listens nowhere. */
  public static void remove(Home home) throws IOException {
    Files.deleteIfExists(home.endpointFile());
  }
}
