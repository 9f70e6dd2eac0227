/**
 * The commands, one class for each noun. A command reads its arguments, calls the SDK or a library,
 * and prints.
 *
 * <p>Exit statuses: {@link io.concordat.client.command.ExitStatus}.
 */
@NullMarked
package io.concordat.client.command;

import org.jspecify.annotations.NullMarked;
