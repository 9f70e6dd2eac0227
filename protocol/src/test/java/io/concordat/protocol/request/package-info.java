@NullMarked
package io.concordat.protocol.request;

import org.jspecify.annotations.NullMarked;
