@NullMarked
package io.concordat.homes.token;

import org.jspecify.annotations.NullMarked;
