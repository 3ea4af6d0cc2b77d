// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import java.util.Map;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.control.Machine;

/**
 * Something that scenarios can wait for: a step {@code KIND: WHAT} with keys of its own, and {@code within}, which each has; an OSGi service. The scenario runs the machine until it has come,
 * or fails when the time is over.
 */
@ConsumerType
public interface ScenarioWait {
  /** The word that such a step begins with, lower case, for example {@code break}. */
  String kind();

  /** The keys that such a step may have behind that, without {@code within}. */
  Set<String> keys();

  /**
   * Begins to wait, while the machine stands still; called on the thread that runs it.
   *
   * @param arguments values of the step's keys as the file has them, and what stands behind its kind under that
   * @throws IllegalArgumentException if a value makes no sense; the message says what was expected
   */
  Waiting begin(Machine machine, Map<String, String> arguments);

  /** What is waited for, until this is closed, while the machine stands still. */
  @ConsumerType
  interface Waiting extends AutoCloseable {
    /** What must come, for people: {@code a CPU comes to …}; without the time. */
    String expected();

    /** Whether it has come. When it does, on the machine's thread, {@link Machine#stop} is to be called. */
    boolean come();

    /** What has come instead, as far as it is known; empty for nothing. */
    default String instead() {
      return "";
    }

    @Override
    void close();
  }
}
