@NullMarked
package io.concordat.protocol.refusal;

import org.jspecify.annotations.NullMarked;
