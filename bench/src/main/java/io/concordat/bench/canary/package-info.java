/**
 * The one-run canary audit of the code that protects patients: planted records, a private training
 * by the silos' own classes, an attacker who sees the model.
 *
 * <p>Promise: the bound is a lower one that holds with 95 % confidence, computed by {@code
 * privacy.evidence.CanaryAudit}; the planted records are as easy to find as the clip allows.
 *
 * <p>Not promised: anything about a guarantee. A bound below the claim proves nothing; the sums are
 * added in the clear, as an attacker sees them after the opening.
 *
 * <p>Read next: {@link io.concordat.bench.canary.CanaryRun}.
 */
@NullMarked
package io.concordat.bench.canary;

import org.jspecify.annotations.NullMarked;
