package io.concordat.homes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where a home keeps versions of the policy beside the one it was started with: {@code
 * config/policies/VERSION.yaml} and {@code VERSION.yaml.sig}. Nothing here is trusted because it is
 * here: the process that reads it checks the chain.
 */
public record PolicyFolder(Path folder) {
  /** A policy is below 1 MiB; a thousand pairs of signatures with their keys take 8. */
  private static final int MAX_FILE_BYTES = 8 << 20;

  private static final String FILE = ".yaml";
  private static final String SIGNATURES = ".yaml.sig";
  private static final String BEGINS = "begins";

  /** The folder of a home. */
  public static PolicyFolder of(Home home) {
    return new PolicyFolder(home.config().resolve("policies"));
  }

  /** One version as it lies on the disk. */
  public record Version(int number, byte[] file, byte[] signatures) {}

  /** Flushed before it returns; the signatures first, so that a file is never without them. */
  public void keep(int version, byte[] file, byte[] signatures) throws IOException {
    Files.createDirectories(folder);
    Durable.publish(folder.resolve(version + SIGNATURES), signatures);
    Durable.publish(folder.resolve(version + FILE), file);
  }

  /** The version of this number, if it is here. */
  public Optional<Version> version(int number) throws IOException {
    Path file = folder.resolve(number + FILE);
    Path signatures = folder.resolve(number + SIGNATURES);
    return Files.exists(file) && Files.exists(signatures)
        ? Optional.of(new Version(number, read(file), read(signatures)))
        : Optional.empty();
  }

  /** Whether the log is known to begin with this version. */
  public boolean begins(int version) throws IOException {
    Path file = folder.resolve(BEGINS);
    return Files.exists(file) && Files.readString(file).strip().equals(Integer.toString(version));
  }

  /** Remembers that the log begins with this version, so that nobody is asked for an older one. */
  public void keepBeginning(int version) throws IOException {
    Files.createDirectories(folder);
    Durable.publish(
        folder.resolve(BEGINS), Integer.toString(version).getBytes(StandardCharsets.US_ASCII));
  }

  /** All versions here, by number. */
  public List<Version> versions() throws IOException {
    TreeSet<Integer> numbers = new TreeSet<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(f -> f.getFileName().toString())
            .filter(f -> f.matches("[1-9][0-9]{0,6}\\.yaml"))
            .forEach(f -> numbers.add(Integer.valueOf(f.substring(0, f.indexOf('.')))));
      }
    }
    List<Version> out = new ArrayList<>();
    for (int number : numbers) {
      version(number).ifPresent(out::add);
    }
    return out;
  }

  private static byte[] read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new IOException(file + " has " + size + " bytes; at most 8 MiB are expected");
    }
    return Files.readAllBytes(file);
  }
}
