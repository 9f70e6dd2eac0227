/**
 * The files that hold the secrets of box keys.
 *
 * <p>Promise: after an epoch's erasure no byte of its secret is in any file of this folder, unless
 * the file system keeps old blocks, which no program above it can prevent. Non-promise: the folder
 * must be left out of backups and snapshots by whoever runs the machine.
 *
 * <p>Read next: {@link io.concordat.protocol.contribution.BoxSecrets}.
 */
@NullMarked
package io.concordat.silonode.boxes;

import org.jspecify.annotations.NullMarked;
