/**
 * The parts of the filed documents that are computed, and the checks that hold the written parts to
 * the code.
 *
 * <p>Promise: a figure between the markers of a document is the one that the parameter sets and
 * layouts of this version give, and a test named in a document exists. No promise about prose: that
 * is read by people.
 *
 * <p>Read next: {@link io.concordat.compliancedocs.ParameterTables}, {@link
 * io.concordat.compliancedocs.NamedTests}, then the documents beside the module's {@code pom.xml}.
 */
@NullMarked
package io.concordat.compliancedocs;

import org.jspecify.annotations.NullMarked;
