// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.Machines.Still;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.LiveChange.Touched;

/**
 * Which machines a change of a bundle touches, by how many devices each; one that only stood still isn't among them.
 *
 * @param all those with devices affected, in the order in which they were opened
 */
record TouchedMachines(List<Touched> all) {
  /** @param devices does to a machine what is to be done to it, and says how many of its devices that affects */
  static TouchedMachines of(Still still, ToIntFunction<CoreMachine> devices) {
    List<Touched> all = new ArrayList<>();
    for (CoreMachine machine : still.machines()) {
      int affected = devices.applyAsInt(machine);
      if (affected > 0) {
        all.add(new Touched(machine.name(), affected));
      }
    }
    return new TouchedMachines(all);
  }

  /** The result of the change. */
  Change change(boolean done, String bundle, String version, Still still, String reason) {
    return new Change(done, bundle, version, all.stream().mapToInt(Touched::devices).sum(), still.nanoseconds(), reason, all);
  }
}
