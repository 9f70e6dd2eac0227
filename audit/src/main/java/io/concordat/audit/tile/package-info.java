/**
 * The log as static files: tiles of hashes and bundles of entries (c2sp.org/tlog-tiles).
 *
 * <p>Promised: {@link io.concordat.audit.tile.TileWriter} leaves a folder that any reader of the
 * format can follow, whatever moment it is killed at; {@link io.concordat.audit.tile.LogCheck}
 * finds every changed byte in the files a checkpoint covers.
 *
 * <p>Not promised: {@link io.concordat.audit.tile.TileReader} hands out what the files say. Until
 * {@link io.concordat.audit.tile.LogCheck} ran, or a proof was verified against a root somebody
 * vouches for, that is hearsay.
 *
 * <p>Read next: {@link io.concordat.audit.tile.TilePath}, {@link
 * io.concordat.audit.tile.TileWriter}, {@link io.concordat.audit.tile.TileReader}.
 */
@NullMarked
package io.concordat.audit.tile;

import org.jspecify.annotations.NullMarked;
