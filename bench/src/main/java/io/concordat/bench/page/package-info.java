/**
 * The page of measured figures: sections that programs write, each between marks of its own.
 *
 * <p>Promise: a program replaces its own section and leaves every other byte of the page alone.
 *
 * <p>Read next: {@link io.concordat.bench.page.Section}.
 */
@NullMarked
package io.concordat.bench.page;

import org.jspecify.annotations.NullMarked;
