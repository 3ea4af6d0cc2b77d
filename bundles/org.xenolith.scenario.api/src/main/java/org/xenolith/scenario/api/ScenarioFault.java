// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;

/** A kind of fault that scenarios can inject: a step {@code fault: KIND} with keys of its own; an OSGi service. */
@ConsumerType
public interface ScenarioFault {
  /** The word after {@code fault:}, lower case. */
  String kind();

  /** The keys that such a step may have. */
  Set<String> keys();

  /**
   * Injects the fault into a machine that stands still; called on the thread that runs it. It must happen to the guest at the
   * same instruction in every run.
   *
   * @param arguments values of the step's keys as the file has them; only {@link #keys} occur
   * @throws IllegalArgumentException if a value makes no sense or there is nothing that could fail so; the message says what was
   *         expected
   */
  void inject(Machine machine, Map<String, String> arguments);
}
