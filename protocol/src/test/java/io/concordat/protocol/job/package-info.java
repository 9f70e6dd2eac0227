@NullMarked
package io.concordat.protocol.job;

import org.jspecify.annotations.NullMarked;
