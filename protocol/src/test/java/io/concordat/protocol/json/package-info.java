@NullMarked
package io.concordat.protocol.json;

import org.jspecify.annotations.NullMarked;
