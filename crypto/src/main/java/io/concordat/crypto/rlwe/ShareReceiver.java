package io.concordat.crypto.rlwe;

import io.concordat.crypto.random.LabelledStream;
import java.io.IOException;

/** Takes the shares of a contribution's key while it is sealed, to box each for its holder. */
@FunctionalInterface
public interface ShareReceiver {
  /**
   * Called once for each holder, positions ascending.
   *
   * @param position the holder's position in the policy
   * @param share 2N bytes, the plaintext of the box; zeroed when this call returns, so keep no
   *     reference
   * @param box the contribution's own stream for this box, whose first 64 bytes are the
   *     encapsulation seed
   */
  void accept(int position, byte[] share, LabelledStream box) throws IOException;
}
