/**
 * Small secrets in files: keys, key stores, tokens.
 *
 * <p>Promise: a file written here is readable by its owner alone from its first moment, is complete
 * or absent after a crash, and a file that others could read is refused rather than used.
 *
 * <p>Not promised: that overwriting reaches every copy. A copy-on-write file system, a flash
 * controller or a snapshot may keep the old blocks; the operator's guide says to exclude these
 * files from both.
 *
 * <p>Read next: {@link io.concordat.crypto.secret.SecretFile}.
 */
@NullMarked
package io.concordat.crypto.secret;

import org.jspecify.annotations.NullMarked;
