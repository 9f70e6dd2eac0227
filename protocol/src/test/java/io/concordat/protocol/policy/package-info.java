@NullMarked
package io.concordat.protocol.policy;

import org.jspecify.annotations.NullMarked;
