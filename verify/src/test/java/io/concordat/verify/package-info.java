/** Packs of a whole federation, honest and tampered with, against the verifier. */
@NullMarked
package io.concordat.verify;

import org.jspecify.annotations.NullMarked;
