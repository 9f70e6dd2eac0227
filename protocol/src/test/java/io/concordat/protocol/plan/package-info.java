@NullMarked
package io.concordat.protocol.plan;

import org.jspecify.annotations.NullMarked;
