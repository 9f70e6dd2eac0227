/**
 * The node's side of enrolment, and the page for the firewall team, as the command line does them
 * beside a home.
 *
 * <p>Promise: nothing leaves the node but public keys and signatures; each step may be repeated.
 * Non-promise: that the invitation is the right federation's; its fingerprint is for people to
 * compare.
 *
 * <p>Read next: {@link io.concordat.client.enrolment.Enrolment}, {@link
 * io.concordat.client.enrolment.NetworkPage}.
 */
@NullMarked
package io.concordat.client.enrolment;

import org.jspecify.annotations.NullMarked;
