// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.IOException;
import java.util.List;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.content.ContentLine;
import org.xenolith.machine.control.MachineState;

/**
 * A snapshot in memory. Who takes its records over copies them, as who reads them from a folder does.
 *
 * @param read         everything but RAM
 * @param ram          RAM
 * @param now          virtual time
 * @param instructions executed so far
 * @param inputs       that were taken so far, of those that the machine keeps
 * @param began        what the machine began with; null if nobody wanted to know
 */
public record SnapshotMemory(Snapshot read, KeptMemory ram, long now, long instructions, int inputs, List<ContentLine> began) implements
    MachineState,
    SnapshotSource {
  /**
   * Of a machine that stands still.
   *
   * @param inputs that were taken so far
   * @param next   whether it is one of many that follow each other soon
   * @param began  what the machine began with; null if nobody wanted to know
   */
  public static SnapshotMemory of(Snapshot snapshot, Hardware hardware, int inputs, boolean next, List<ContentLine> began)
      throws IOException {
    return new SnapshotMemory(snapshot, KeptMemory.of(hardware.space, next), hardware.clock.now(), hardware.clock.instructions(), inputs,
        began);
  }

  @Override
  public void readRam(AddressSpace space) throws IOException {
    ram.into(space);
  }

  @Override
  public boolean written(MachineState earlier, long address, long length) {
    return !(earlier instanceof SnapshotMemory other) || ram.written(other.ram, address, length);
  }

  @Override
  public void close() {
    ram.close();
  }

  @Override
  public String toString() {
    return "state at " + now + " ns, " + instructions + " instructions";
  }
}
