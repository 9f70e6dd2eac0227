/**
 * The loops: transforms, pointwise products, sums, inner products and residue packing, behind one
 * interface with several makers.
 *
 * <p>Promise: every kernel gives the same bits as {@link
 * io.concordat.crypto.ring.kernel.ScalarKernel}; one contract test holds them all to it, and a
 * kernel that fails a short comparison when it is opened is not used. No promise that a particular
 * kernel exists on a machine.
 *
 * <p>Read next: {@link io.concordat.crypto.ring.kernel.RingKernel}, {@link
 * io.concordat.crypto.ring.kernel.RingKernels}.
 */
@NullMarked
package io.concordat.crypto.ring.kernel;

import org.jspecify.annotations.NullMarked;
