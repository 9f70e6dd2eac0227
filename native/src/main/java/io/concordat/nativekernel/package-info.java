/**
 * The ring's loops in C, behind JNI.
 *
 * <p>Promise: the same bits as the scalar Java kernel, held by the same contract test; every range
 * is checked in Java before C sees an address, and no address in C depends on data, so a malformed
 * call ends in an exception and never in a crash of the process. Where the library is missing, does
 * not load or does not fit the processor, the kernels here say so and another one is used.
 *
 * <p>Not promised: that a build contains them. Without cmake and a C compiler the module's jar has
 * the Java classes alone.
 *
 * <p>Nothing here runs while classes are loaded: the library is unpacked and loaded by the first
 * call that opens a kernel, which is what GraalVM's native images need.
 *
 * <p>Read next: {@link io.concordat.nativekernel.NativeKernel}; the C side begins at {@code
 * src/main/c/ring_kernel.h}.
 */
@NullMarked
package io.concordat.nativekernel;

import org.jspecify.annotations.NullMarked;
