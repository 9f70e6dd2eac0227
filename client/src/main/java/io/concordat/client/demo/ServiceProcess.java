package io.concordat.client.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One running service: its process, its log file, its endpoint. */
public final class ServiceProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration START = Duration.ofSeconds(120);

  private final String name;
  private final Path home;
  private final List<String> command;
  private final Path log;
  private final Map<String, String> environment;
  private @Nullable Process process;

  ServiceProcess(String name, Path home, List<String> command, Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    this.name = name;
    this.home = home;
    this.command = List.copyOf(command);
    this.log = home.resolve("service.log");
  }

  public String name() {
    return name;
  }

  public Path home() {
    return home;
  }

  /** What the service printed, all starts one after the other. */
  public Path log() {
    return log;
  }

  /** Starts the process; {@link #awaitReady} says when it listens. */
  public void start() throws IOException {
    if (process != null && process.isAlive()) {
      throw new IllegalStateException(name + " runs already");
    }
    Files.deleteIfExists(home.resolve("endpoint.json"));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // The caller's token, key or home must not leak into a service that has its own.
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.startsWith("CONCORDAT_") || key.startsWith("QUARKUS_"));
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /** Waits until the service answers its health check; its address is returned. */
  public Endpoint awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      Process running = process;
      if (running == null || !running.isAlive()) {
        throw new IOException(name + " stopped while starting; its log ends:\n" + lastLines());
      }
      Endpoint endpoint = endpoint();
      if (endpoint != null && ready(endpoint)) {
        return endpoint;
      }
      Thread.sleep(25);
    }
    throw new IOException(
        name + " was not ready after " + START.toSeconds() + " s; its log ends:\n" + lastLines());
  }

  /** Where a service listens. */
  public record Endpoint(String url, String managementUrl) {}

  private @Nullable Endpoint endpoint() throws IOException {
    Path file = home.resolve("endpoint.json");
    if (!Files.exists(file)) {
      return null;
    }
    JsonNode node = JSON.readTree(Files.readAllBytes(file));
    return new Endpoint(node.path("url").asText(), node.path("managementUrl").asText());
  }

  private static boolean ready(Endpoint endpoint) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create(endpoint.managementUrl() + "/q/health/ready").toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(2000);
      try {
        return connection.getResponseCode() == 200;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }

  public boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** The process id, while it runs. */
  public OptionalLong pid() {
    Process running = process;
    return running != null && running.isAlive()
        ? OptionalLong.of(running.pid())
        : OptionalLong.empty();
  }

  /** Ends the process at once, as a power cut would. */
  public void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
    }
  }

  /** Asks the process to stop and waits; kills it if it does not. */
  @Override
  public void close() throws InterruptedException {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroy();
    if (!running.waitFor(10, TimeUnit.SECONDS)) {
      running.destroyForcibly().waitFor();
    }
  }

  /** The end of the log, for error messages. */
  public String lastLines() throws IOException {
    if (!Files.exists(log)) {
      return "(nothing was printed)";
    }
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 25), lines.size()));
  }
}
