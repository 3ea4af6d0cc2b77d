// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin.api;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.history.api.MachineHistory;

/**
 * Says where what a machine holds comes from; a service. It is asked while the present machine stands still, as {@link MachineHistory} is, and answers for what is held where people look: at the
 * machine of the past that is shown, or else at the present one. It executes the past again on the caller's thread, and changes nothing.
 */
@ProviderType
public interface ValueOrigins {
  /**
   * Who wrote something last.
   *
   * @param words what it is, as the prompt's word {@code last-write} has it
   * @return empty if nobody has since the first moment that can be reached
   * @throws org.xenolith.command.api.BadInput if it is nothing that can be written; the message says what can
   */
  Optional<LastWrite> lastWrite(MachineHistory history, List<String> words);

  /**
   * The way that bytes of memory have come: who wrote them last, from where that had them, and so on, the latest step first.
   *
   * @param words which bytes, as the prompt's word {@code origin} has it
   * @return one step at least; the last says where the way ends, and why
   * @throws org.xenolith.command.api.BadInput if they aren't in memory
   */
  List<OriginStep> origin(MachineHistory history, List<String> words);
}
