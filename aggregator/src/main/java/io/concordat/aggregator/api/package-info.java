/**
 * The API of people and their scripts under {@code /api/v1}.
 *
 * <p>Promise: every endpoint names its role and answers errors as problems. Non-promise: what the
 * aggregator records here proves nothing; signatures in the log do.
 *
 * <p>Read next: {@code io.concordat.aggregator.people}.
 */
@NullMarked
package io.concordat.aggregator.api;

import org.jspecify.annotations.NullMarked;
