/** Promises of the demo's records. */
@NullMarked
package io.concordat.client.demo.data;

import org.jspecify.annotations.NullMarked;
