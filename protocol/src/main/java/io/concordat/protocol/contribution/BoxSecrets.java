package io.concordat.protocol.contribution;

import io.concordat.crypto.bulk.Digest;
import java.io.IOException;
import java.util.Optional;

/**
 * One 32-byte secret for each job and epoch, in files outside the database and outside every
 * backup. Erasing overwrites.
 */
public interface BoxSecrets {
  /** Stores a secret, flushed; an existing one stays as it is. */
  void store(Digest job, int epoch, byte[] secret) throws IOException;

  /** The secret, if it was made and not erased; the caller zeroes the array. */
  Optional<byte[]> load(Digest job, int epoch) throws IOException;

  /** Overwrites and removes the secrets of all epochs of the job up to this one. */
  void erase(Digest job, int throughEpoch) throws IOException;
}
