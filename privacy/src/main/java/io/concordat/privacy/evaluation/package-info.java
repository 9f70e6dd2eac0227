/**
 * Measuring a model is a release too: a histogram over (score bin, label), noised and priced like
 * any other sum.
 *
 * <p>The histogram's layout is the job's ({@code protocol.analysis}), its counts {@link
 * io.concordat.privacy.vector.CellCounts}.
 *
 * <p>Promise: every figure is computed from the opened sum alone, with plain arithmetic and {@link
 * java.lang.StrictMath}, so all nodes agree on it.
 *
 * <p>Non-promise: precision. Scores are known to their bin only, and noise of deviation s in every
 * cell remains in every figure; small test sets give wide errors, which {@link
 * io.concordat.privacy.evaluation.EvaluationMetrics} states where it can.
 *
 * <p>Next: {@link io.concordat.privacy.evaluation.EvaluationMetrics}.
 */
@NullMarked
package io.concordat.privacy.evaluation;

import org.jspecify.annotations.NullMarked;
