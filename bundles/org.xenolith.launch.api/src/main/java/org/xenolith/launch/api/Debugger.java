// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Debugs machines that are launched with an option of its own; an OSGi service. Whoever drives a machine's runs has it asked ({@link Launch#debug}), so that no front end
 * knows any.
 */
@ConsumerType
public interface Debugger {
  /** Whether a request asks for it; otherwise nothing else is called. */
  boolean serves(LaunchRequest request);

  /**
   * Begins, before the machine's first run.
   *
   * @param control halts the machine's runs
   * @param told    hears what people should know, in sentences; any thread
   * @throws org.xenolith.command.api.BadInput if it can't be, as when a port is taken
   */
  Session begin(Launch launch, LaunchRequest request, RunControl control, Consumer<String> told);

  /** One machine that is debugged, until this is closed: at the latest before the machine is. */
  @ConsumerType
  interface Session extends AutoCloseable {
    /** The machine stands still, as {@link RunControl} was told. On the thread of who drives the run; it must come back soon. */
    void halted();

    /** Nothing of the machine is looked at any more. */
    @Override
    void close();
  }
}
