/** The documents are held to the code. */
@NullMarked
package io.concordat.compliancedocs;

import org.jspecify.annotations.NullMarked;
