/**
 * Files that an attacker would send, and how long each reader takes to refuse them.
 *
 * <p>Promise: everything in {@link io.concordat.bench.hostile.HostileCorpus} is refused, and
 * reading it fetches nothing. Not promised: that the corpus is all there is; the fuzz targets go on
 * from it.
 */
@NullMarked
package io.concordat.bench.hostile;

import org.jspecify.annotations.NullMarked;
