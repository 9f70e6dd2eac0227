/** Blobs on disks that run full. */
@NullMarked
package io.concordat.homes.blobs;

import org.jspecify.annotations.NullMarked;
