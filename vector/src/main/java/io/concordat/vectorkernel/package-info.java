/**
 * A ring kernel on the JDK's Vector API (JEP 508), for machines where no C library was built.
 *
 * <p>Promise: the bits of the scalar kernel, two, four or eight residues at once. No promise where
 * the just-in-time compiler is missing: a native image runs these loops many times slower, and
 * takes the C kernels instead. Java must be started with {@code --add-modules
 * jdk.incubator.vector}; else the kernel is not offered, and says so.
 *
 * <p>Read next: {@link io.concordat.vectorkernel.Lanes} and {@link
 * io.concordat.vectorkernel.VectorTransform} for the bounds.
 */
@NullMarked
package io.concordat.vectorkernel;

import org.jspecify.annotations.NullMarked;
