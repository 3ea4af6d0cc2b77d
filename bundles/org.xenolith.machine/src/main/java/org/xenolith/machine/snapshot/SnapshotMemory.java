// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.bus.AddressSpace;
import org.xenolith.machine.control.MachineState;

/**
 * A snapshot in memory. Who takes its records over copies them, as who reads them from a folder does.
 *
 * @param read         everything but RAM
 * @param ram          RAM in the form of {@link SparseRam}
 * @param now          virtual time
 * @param instructions executed so far
 */
public record SnapshotMemory(Snapshot read, byte[] ram, long now, long instructions) implements MachineState, SnapshotSource {
  /** Of a machine that stands still. */
  public static SnapshotMemory of(Snapshot snapshot, Hardware hardware, long now, long instructions) throws IOException {
    ByteArrayOutputStream ram = new ByteArrayOutputStream();
    SparseRam.write(hardware.space, ram);
    return new SnapshotMemory(snapshot, ram.toByteArray(), now, instructions);
  }

  @Override
  public void readRam(AddressSpace space) throws IOException {
    SparseRam.read(space, new ByteArrayInputStream(ram), "RAM");
  }

  @Override
  public String toString() {
    return "state at " + now + " ns, " + instructions + " instructions";
  }
}
