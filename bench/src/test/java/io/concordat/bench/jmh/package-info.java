/** What the JMH classes cover. */
@NullMarked
package io.concordat.bench.jmh;

import org.jspecify.annotations.NullMarked;
