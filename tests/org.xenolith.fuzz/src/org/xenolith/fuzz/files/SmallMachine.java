// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.util.function.Consumer;
import org.xenolith.machine.PlainMachines;
import org.xenolith.machine.control.Machine;

/** A machine of a small board. */
public final class SmallMachine {
  private SmallMachine() {}

  /** One with so much RAM. @param bytes a power of two. @param faults hears of internal faults */
  public static Machine build(int bytes, Consumer<String> faults) {
    return FileWorld.machines().build(FileWorld.platform(bytes), (kind, place, text) -> {
      if (PlainMachines.fault(kind)) {
        faults.accept(kind + " " + place + ": " + text);
      }
    });
  }
}
