/**
 * Invitations, requests for certificates and what became of them, revocations.
 *
 * <p>Promise: a token is good for one institution and one request; a certificate is handed out only
 * if the federation's authority issued it for the key that was asked for; each enrolment, renewal
 * and revocation is an entry of the log. Non-promise: to decide who belongs to the federation. This
 * package carries papers between a node and the authority's machine, whose key is never here.
 *
 * <p>Read next: {@code io.concordat.homes.enrolment}, then {@link
 * io.concordat.aggregator.enrolment.Enrolments}.
 */
@NullMarked
package io.concordat.aggregator.enrolment;

import org.jspecify.annotations.NullMarked;
