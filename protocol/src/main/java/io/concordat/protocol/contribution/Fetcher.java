package io.concordat.protocol.contribution;

import io.concordat.crypto.bulk.Digest;
import io.concordat.protocol.core.WorkItem;
import java.io.IOException;
import java.io.InputStream;

/** What a node can ask the aggregator for; everything is checked by digest after it came. */
public interface Fetcher {
  /** The summed ciphertext of a round. */
  InputStream sum(Digest manifest) throws IOException;

  /** Headers, fingerprints and key sums of a round that opened. */
  WorkItem.Opening opening(Digest manifest) throws IOException;

  /** A contribution's ciphertext, to compute a silent silo's fingerprint. */
  InputStream ciphertext(Digest contribution) throws IOException;
}
