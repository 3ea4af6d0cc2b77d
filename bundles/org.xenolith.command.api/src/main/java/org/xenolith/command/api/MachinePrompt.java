// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.control.Machine;

/**
 * The prompt for a machine whose run has ended and that isn't closed yet; an OSGi service. The commands are those of the monitor prompt, typed at the terminal or read from standard
 * input.
 */
@ProviderType
public interface MachinePrompt {
  /**
   * Executes some lines as if they were typed, and then what is typed, until somebody leaves the prompt or the input ends.
   *
   * @param first what is executed first; what can't be done is said, as of any line
   */
  void converse(Machine machine, List<String> first);

  /**
   * Tells who is at the prompt how far a command is. Any thread.
   *
   * @param text lines, each with its end
   */
  void tell(String text);
}
