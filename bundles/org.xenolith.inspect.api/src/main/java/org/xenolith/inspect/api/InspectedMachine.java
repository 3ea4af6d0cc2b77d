// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** One machine as it can be looked into; see {@link MachineInspector#of} for when. */
@ProviderType
public interface InspectedMachine {
  /** Its processors in their order; those that nobody who is installed can look into are left out. */
  List<InspectedProcessor> processors();

  /** The processor of an index ({@code CpuPort.index}); empty if there is none, or nobody who is installed can look into it. */
  Optional<InspectedProcessor> processor(int index);

  /** Its devices, in the order of their nodes. */
  List<InspectedDevice> devices();

  /** RAM by physical address. */
  InspectedMemory physical();

  /** Where it stops: those of this view; others have theirs. */
  StopPoints stops();

  /** The guests of a hypervisor of ours that there are now, as {@link #guest} names them; empty if the machine has no such hypervisor. */
  default Optional<List<String>> guests() {
    return Optional.empty();
  }

  /** The virtual processors of those guests, guest by guest in the order of {@link #guests}; empty if there are none, or nobody can tell. */
  default List<GuestProcessor> guestProcessors() {
    return List.of();
  }

  /**
   * The registers of a virtual processor whose code none executes now, by the names that the manual has, first the program counter: those that its guest finds when it goes on.
   *
   * @return none if a processor executes it, by which they can be seen; or if it is offline or gone, or nobody can tell
   */
  default Map<String, Long> registers(GuestProcessor waiting) {
    return Map.of();
  }

  /** Whose code it is at a place, of a hypervisor's guests: {@code d0} for a domain of ours; empty if there is no hypervisor below. */
  default String guest(ProcessorPlace place) {
    return place.guestTables() == 0 ? "" : place.guestNumber() < 0 ? "guest" : "VMID " + place.guestNumber();
  }
}
