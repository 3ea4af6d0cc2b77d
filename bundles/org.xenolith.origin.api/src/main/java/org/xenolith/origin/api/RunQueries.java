// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.history.api.MachineHistory;

/** Questions over a whole run, from the first moment that can be reached to where people look; a service. To be asked as {@link ValueOrigins} is. */
@ProviderType
public interface RunQueries {
  /** Names of the questions that can be asked: the first word of each. */
  List<String> names();

  /**
   * A question, which isn't answered yet.
   *
   * @param words its name and what belongs to it, as at the prompt: {@code executions vfs_read}
   * @throws org.xenolith.command.api.BadInput if it is none; the message says what is one
   */
  RunQuery query(MachineHistory history, List<String> words);
}
