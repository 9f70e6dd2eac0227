/**
 * Named byte strings of a service, small ones in its database, large ones in files.
 *
 * <p>Promise: what a committed row names is on the disk. Non-promise: nothing is collected; whoever
 * made a blob deletes it.
 *
 * <p>Read next: {@link io.concordat.homes.blobs.NamedBlobs}.
 */
@NullMarked
package io.concordat.homes.blobs;

import org.jspecify.annotations.NullMarked;
