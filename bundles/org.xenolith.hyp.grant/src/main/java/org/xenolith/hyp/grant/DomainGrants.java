// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateMismatch;

/** One domain's side of grants: what it grants, and what it maps. It outlives the domain while others use its pages. */
final class DomainGrants {
  final int serial;
  final DeviceState state = new DeviceState();
  /** Whether the domain is gone. */
  final LongCell gone = state.cell("gone", 0);
  /** Uses of others' entries by Java in this domain's name. */
  final LongCell java = state.cell("java", 0);
  GrantTable table;
  Maptrack maptrack;

  private interface Part {
    void save(DataOutputStream out) throws IOException;
  }

  private interface Restorer {
    void restore(DataInputStream in) throws IOException;
  }

  DomainGrants(int serial, FrameHeap heap, MachineMemory memory, P2mPort p2m) {
    this.serial = serial;
    state.varying("table", () -> table = new GrantTable(heap, memory, p2m), () -> bytes(out -> table.save(out)),
        bytes -> from("table", bytes, in -> table.restore(in)));
    state.varying("maptrack", () -> maptrack = new Maptrack(), () -> bytes(out -> maptrack.save(out)),
        bytes -> from("maptrack", bytes, in -> maptrack.restore(in)));
  }

  private static byte[] bytes(Part part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      part.save(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void from(String name, byte[] bytes, Restorer part) {
    try {
      part.restore(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new StateMismatch(name + ": the record ends too early");
    }
  }
}
