/**
 * How a node comes by its certificate: an invitation from the aggregator's operator, a request made
 * and signed on the node, a telephone call, a certificate from the authority's own machine; and the
 * same without the call each time a certificate is half over.
 *
 * <p>Promise: keys are made where they are used and never travel; the authority's key never comes
 * near the aggregator; each step can be repeated after a crash or a lost answer. Non-promise:
 * trust. A certificate opens a TLS door; whose statements count is said by the signed policy.
 *
 * <p>Read next: {@link io.concordat.homes.enrolment.Bootstrap}, {@link
 * io.concordat.homes.enrolment.NodeCertificateFiles}.
 */
@NullMarked
package io.concordat.homes.enrolment;

import org.jspecify.annotations.NullMarked;
