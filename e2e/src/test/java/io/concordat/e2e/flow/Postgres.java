package io.concordat.e2e.flow;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server of the machine's package, with its data in a folder, for one test. */
final class Postgres implements AutoCloseable {
  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private final Path programs;
  private final Path data;
  private final int port;

  private Postgres(Path programs, Path data, int port) {
    this.programs = programs;
    this.data = data;
    this.port = port;
  }

  static boolean isInstalled() {
    return Files.isDirectory(DEBIAN);
  }

  /** Starts a server that listens on loopback only. */
  static Postgres start(Path folder) throws IOException, InterruptedException {
    Path programs = programs();
    Path data = folder.resolve("data");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Postgres server = new Postgres(programs, data, port);
    server.own(folder);
    server.run(
        "initdb", "-D", data.toString(), "-U", "concordat", "-A", "trust", "--locale=C.UTF-8");
    server.run(
        "pg_ctl",
        "-D",
        data.toString(),
        "-w",
        "-l",
        folder.resolve("log").toString(),
        "-o",
        "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=" + folder,
        "start");
    return server;
  }

  /** A new database in it. */
  String database(String name) throws IOException, InterruptedException {
    run("createdb", "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", "concordat", name);
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
  }

  /** One value that a query gives. */
  String ask(String database, String query) throws IOException, InterruptedException {
    return run(
        "psql",
        "-h",
        "127.0.0.1",
        "-p",
        Integer.toString(port),
        "-U",
        "concordat",
        "-At",
        "-c",
        query,
        database);
  }

  @Override
  public void close() throws IOException, InterruptedException {
    run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
  }

  private static Path programs() throws IOException {
    if (!Files.isDirectory(DEBIAN)) {
      throw new IOException(DEBIAN + " is missing: apt-get install postgresql");
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .max(Path::compareTo)
          .orElseThrow(() -> new IOException("no server below " + DEBIAN));
    }
  }

  /** The server refuses to be root; then it is the package's own user. */
  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private void own(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    if (isRoot()) {
      new ProcessBuilder("chown", "postgres", folder.toString()).start().waitFor();
    }
  }

  private String run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path said = Files.createTempFile("postgres", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    int status = process.waitFor();
    String text = Files.readString(said).strip();
    Files.delete(said);
    if (status != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + status + ": " + text);
    }
    return text;
  }
}
