/** What people see: tables, a progress bar, plain lines in a pipe, JSON on request. */
@NullMarked
package io.concordat.client.terminal;

import org.jspecify.annotations.NullMarked;
