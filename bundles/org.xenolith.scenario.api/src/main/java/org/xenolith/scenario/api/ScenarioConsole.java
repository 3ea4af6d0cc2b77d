// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.machine.control.Machine;

/**
 * Consoles that are no UART of the board, by name: a domain's, say; an OSGi service. A scenario means one where it writes
 * {@code on: NAME} with a name that doesn't begin with a slash.
 */
@ConsumerType
public interface ScenarioConsole {
  /**
   * Connects a sink to a console. Called once for each name that a scenario has, when the machine is launched and before it
   * runs: the console may be one that comes only later.
   *
   * @param sink gets the guest's bytes, on the machine's thread; it may stop the machine
   * @return whether this is a name of its kind
   */
  boolean connect(Machine machine, String name, ByteSink sink);

  /**
   * Types at a console of its own, while the machine stands still. It must go by {@link Machine#input}, so that it is journalled.
   *
   * @throws IllegalArgumentException if there is no such console (yet)
   */
  void type(Machine machine, String name, byte[] bytes);
}
