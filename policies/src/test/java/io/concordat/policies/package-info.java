@NullMarked
package io.concordat.policies;

import org.jspecify.annotations.NullMarked;
