// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;

/** A kind of check that scenarios can make: a step {@code check: KIND} with keys of its own; an OSGi service. */
@ConsumerType
public interface ScenarioCheck {
  /** The word after {@code check:}, lower case, for example {@code domain}. */
  String kind();

  /** The keys that such a step may have. */
  Set<String> keys();

  /**
   * Checks a machine that stands still; called on the thread that runs it.
   *
   * @param arguments values of the step's keys as the file has them; only {@link #keys} occur
   * @return what is not as expected, one line such as {@code "domain 1 is paused, expected running"}; empty if all is well
   * @throws IllegalArgumentException if a value makes no sense; the message says what was expected
   */
  Optional<String> complaint(Machine machine, Map<String, String> arguments);
}
