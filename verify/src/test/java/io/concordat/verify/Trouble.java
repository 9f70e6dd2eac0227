package io.concordat.verify;

import io.concordat.crypto.sign.SigningKey;
import io.concordat.protocol.statement.Statement;
import java.util.Random;

/**
 * Where a federation in a test departs from the protocol. Everything it does is properly signed.
 */
interface Trouble {
  Trouble NONE = new Trouble() {};

  /** What an actor says instead. */
  default Statement says(Statement honest) {
    return honest;
  }

  /** The key it signs with. */
  default SigningKey signsWith(Statement statement, SigningKey own) {
    return own;
  }

  /** The summed ciphertext that the aggregator fixes in the manifest. */
  default byte[] fixes(byte[] sum) {
    return sum;
  }

  /** What a key holder answers. */
  default byte[] answers(int position, byte[] keySum) {
    return keySum;
  }

  /** Whether a silo states its fingerprint. */
  default boolean silent(String silo) {
    return false;
  }

  /** Whether a holder's record stands in the log before the opening. */
  default boolean records(int position) {
    return true;
  }

  /**
   * Where a silo's noise comes from in a round.
   *
   * @param step opening of the job, from 0
   */
  default Random noise(String silo, int step, Random fresh) {
    return fresh;
  }

  /** The deviation of a silo's noise where the job's shares say {@code sigma}. */
  default double sigma(String silo, int sigma) {
    return sigma;
  }
}
