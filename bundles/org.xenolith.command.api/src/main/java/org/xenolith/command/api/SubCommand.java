// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A subcommand of the command line; an OSGi service. Every one that is registered when a command line is made becomes a
 * command beside {@code boot}. One whose name is taken already is left out, and an error says so.
 */
@ConsumerType
public interface SubCommand {
  /**
   * A new command: an object of a class with picocli's {@code @Command} (which must give a name) that is a {@link Runnable}
   * or a {@code Callable<Integer>}, the integer being one of {@link ExitCode}. It may throw {@link BadInput}, which becomes a
   * message and {@link ExitCode#BAD_INPUT}; any other exception is reported as a fault of ours.
   */
  Object command();
}
