/**
 * Checks on the tree itself: who may know whom, what libraries keep away from, and that documents
 * say what the code does.
 *
 * <p>Promise: a rule that stands here holds for every class of every module as it was compiled in
 * this build. No promise about what needs a reader: that a comment is true, that a name is good.
 *
 * <p>The modules' {@code target/classes} are read as files, so the whole build comes first; a
 * module without them fails these tests by name.
 *
 * <p>Read next: {@link io.concordat.e2e.tree.LayersTest}.
 */
@NullMarked
package io.concordat.e2e.tree;

import org.jspecify.annotations.NullMarked;
