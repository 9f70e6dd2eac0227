/**
 * From real values to the one kind of integer vector that may be sealed.
 *
 * <p>Two roads, two types, nothing between them. Private: {@link
 * io.concordat.privacy.vector.ClippedSum} (or one of the other makers of a {@link
 * io.concordat.privacy.vector.BoundedSum}) then {@link io.concordat.privacy.vector.NoiseStep},
 * which alone makes a {@link io.concordat.privacy.vector.NoisedVector}. Exact: {@link
 * io.concordat.privacy.vector.Quantiser}, then {@link io.concordat.privacy.vector.ExactVector},
 * which needs a grant that only a policy's decision gives.
 *
 * <p>Promise: the L2 sensitivity that a {@code BoundedSum} states is checked in integers, after all
 * rounding, patient by patient; doubles stop here. Leaving one patient's records out changes the
 * vector by at most that much.
 *
 * <p>Non-promise: that the values handed in for "one patient" come from one patient. {@link
 * io.concordat.privacy.vector.PatientGroups} helps, the record reader decides.
 */
@NullMarked
package io.concordat.privacy.vector;

import org.jspecify.annotations.NullMarked;
