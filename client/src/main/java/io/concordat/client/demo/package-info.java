/**
 * A whole federation on one machine: for the demo, for whole-run benchmarks and for end-to-end
 * tests.
 *
 * <p>Promise: the very programs that institutions run, as processes of their own, with the real
 * protocol, keys and log; only the deployment is small. Non-promise: separation. All keys of the
 * demo's institutions lie in one folder of one user, which no real federation may do.
 *
 * <p>Read next: {@link io.concordat.client.demo.LocalFederation}.
 */
@NullMarked
package io.concordat.client.demo;

import org.jspecify.annotations.NullMarked;
