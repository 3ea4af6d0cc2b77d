// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;

/** A kind of fault that scenarios can inject: a step {@code fault: KIND} with keys of its own and {@code for}, which each has; an OSGi service. */
@ConsumerType
public interface ScenarioFault {
  /** The word after {@code fault:}, lower case. */
  String kind();

  /** The keys that such a step may have, without {@code for}. */
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

  /**
   * Injects the fault, and says how it ends: by {@code for} of the step, a step {@code mend}, or with the scenario. The same as {@link #inject} for one that can't be ended, or is over when
   * it has happened.
   *
   * @return what ends it, called likewise; both are inputs of the machine, so that a replay does the same. Empty if nothing is to be ended
   * @throws IllegalArgumentException as of {@link #inject}
   */
  default Optional<Runnable> begin(Machine machine, Map<String, String> arguments) {
    inject(machine, arguments);
    return Optional.empty();
  }
}
