/**
 * Ed25519 signatures with a domain for each type of statement, ML-DSA signatures beside them where
 * a signature must convince for decades, and the file a signing key lives in.
 *
 * <p>Promise: a signature made for one domain is never valid for another, because no domain text is
 * the beginning of another ({@link io.concordat.crypto.sign.Domain}); a key that is destroyed signs
 * nothing more. Verification is one equation for everybody: keys outside the prime-order group are
 * refused when they are read.
 *
 * <p>Not promised: that a key belongs to anyone (the policy's chain of endorsements says that);
 * that Ed25519 withstands a quantum computer, which is why policies, endorsements, releases and
 * published checkpoints carry ML-DSA as well.
 *
 * <p>Read next: {@link io.concordat.crypto.sign.SigningKey}, {@link
 * io.concordat.crypto.sign.VerifyingKey}, {@link io.concordat.crypto.sign.MlDsaSigner}, {@link
 * io.concordat.crypto.sign.SigningKeyFile}.
 */
@NullMarked
package io.concordat.crypto.sign;

import org.jspecify.annotations.NullMarked;
