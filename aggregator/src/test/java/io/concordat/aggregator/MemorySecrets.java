package io.concordat.aggregator;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.contribution.BoxSecrets;
import java.util.Optional;
import java.util.TreeMap;

/** Box secrets, which no snapshot contains. */
final class MemorySecrets implements BoxSecrets {
  private final TreeMap<String, byte[]> secrets = new TreeMap<>();

  private static String name(Digest job, int epoch) {
    return job.hex() + "/" + String.format("%09d", epoch);
  }

  @Override
  public void store(Digest job, int epoch, byte[] secret) {
    secrets.putIfAbsent(name(job, epoch), secret.clone());
  }

  @Override
  public Optional<byte[]> load(Digest job, int epoch) {
    return Optional.ofNullable(secrets.get(name(job, epoch))).map(byte[]::clone);
  }

  @Override
  public void erase(Digest job, int throughEpoch) {
    secrets.subMap(job.hex() + "/", true, name(job, throughEpoch), true).clear();
  }
}
