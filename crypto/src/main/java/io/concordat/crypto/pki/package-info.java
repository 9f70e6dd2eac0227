/**
 * X.509 for transport: a federation's certificate authority, the certificates of servers and nodes,
 * requests for them, and the key stores they travel in.
 *
 * <p>Promise: certificates are ECDSA P-256 with SHA-256, carry the purpose they may serve and no
 * other, name an institution in one place that is read strictly ({@link
 * io.concordat.crypto.pki.NodeName}), and key stores use PKCS#12 with AES-256. Nothing here draws
 * randomness or reads a clock by itself: the same inputs give the same certificate.
 *
 * <p>Not promised: authority over the protocol. A certificate opens a TLS door. Which key speaks
 * for an institution follows from the signed policy alone, so a stolen authority can let strangers
 * knock, and cannot make any node accept their statements.
 *
 * <p>Read next: {@link io.concordat.crypto.pki.CertificateAuthority}, {@link
 * io.concordat.crypto.pki.TlsIdentity}.
 */
@NullMarked
package io.concordat.crypto.pki;

import org.jspecify.annotations.NullMarked;
