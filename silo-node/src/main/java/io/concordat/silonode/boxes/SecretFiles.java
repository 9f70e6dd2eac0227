package io.concordat.silonode.boxes;

import io.concordat.crypto.bulk.Digest;
import io.concordat.crypto.secret.SecretFile;
import io.concordat.protocol.contribution.BoxSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One owner-only file for each job and epoch, {@code <job>.<epoch>}.
 *
 * <p>They lie outside the database on purpose: a database keeps old pages, and a restored copy of
 * it must not bring a secret back.
 */
public final class SecretFiles implements BoxSecrets {
  private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})\\.([0-9]{1,9})");
  private static final int MAX_BYTES = 4096;

  private final Path folder;

  public SecretFiles(Path folder) {
    this.folder = folder;
  }

  @Override
  public synchronized void store(Digest job, int epoch, byte[] secret) throws IOException {
    Path file = file(job, epoch);
    // Never replaced: the public half of the first may stand in the log already.
    if (!Files.exists(file)) {
      SecretFile.write(file, secret);
    }
  }

  @Override
  public synchronized Optional<byte[]> load(Digest job, int epoch) throws IOException {
    try {
      return Optional.of(SecretFile.read(file(job, epoch), MAX_BYTES));
    } catch (NoSuchFileException erased) {
      return Optional.empty();
    }
  }

  @Override
  public synchronized void erase(Digest job, int throughEpoch) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    for (Path file : files) {
      Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
      if (name.matches()
          && name.group(1).equals(job.hex())
          && Integer.parseInt(name.group(2)) <= throughEpoch) {
        SecretFile.erase(file);
      }
    }
  }

  private Path file(Digest job, int epoch) {
    return folder.resolve(job.hex() + "." + epoch);
  }
}
