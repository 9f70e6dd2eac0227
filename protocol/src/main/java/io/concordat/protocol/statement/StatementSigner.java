package io.concordat.protocol.statement;

import io.concordat.crypto.sign.MlDsaKey;
import io.concordat.crypto.sign.MlDsaSignature;
import io.concordat.crypto.sign.SigningKey;
import io.concordat.crypto.sign.VerifyingKey;
import java.util.Optional;

/** Whoever can sign for one actor: a key file or a token, hidden from the machines. */
public interface StatementSigner {
  /** The public half. */
  VerifyingKey key();

  /** 64 bytes over domain and bytes; the same for the same input. */
  byte[] sign(String domain, byte[] bytes);

  /** 64 bytes over a foreign format's message, such as a checkpoint or a cosignature. */
  byte[] signForeign(byte[] message);

  /** An ML-DSA-65 signature over the same, where this actor has such a key. */
  default Optional<MlDsaSignature> signLasting(String domain, byte[] bytes) {
    return Optional.empty();
  }

  /** A signer over a key in memory. */
  static StatementSigner of(SigningKey key) {
    return new StatementSigner() {
      @Override
      public VerifyingKey key() {
        return key.verifyingKey();
      }

      @Override
      public byte[] sign(String domain, byte[] bytes) {
        return key.sign(domain, bytes);
      }

      @Override
      public byte[] signForeign(byte[] message) {
        return key.signForeign(message);
      }

      @Override
      public Optional<MlDsaSignature> signLasting(String domain, byte[] bytes) {
        return Optional.of(key.mlDsa(MlDsaKey.Level.ML_DSA_65).sign(domain, bytes));
      }
    };
  }
}
