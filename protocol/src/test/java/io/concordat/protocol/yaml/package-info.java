@NullMarked
package io.concordat.protocol.yaml;

import org.jspecify.annotations.NullMarked;
