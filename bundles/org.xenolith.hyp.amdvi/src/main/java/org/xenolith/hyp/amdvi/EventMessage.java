// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.hyp.x64.api.HostVector;
import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.x64.api.Cpu;

/**
 * The message by which an IOMMU tells of events, as a PCI function that it is (48882, 3.2; PCI Local Bus 3.0, 6.8.1). Without a driver of its host
 * bridge there is none: then events are told when the IOMMU is given its next command.
 */
final class EventMessage {
  private static final int STATUS = 6;
  private static final int LIST = 0x34;
  private static final int HAS_LIST = 1 << 4;
  private static final int MSI = 5;
  private static final int MOST_CAPABILITIES = 48;
  private static final int CONTROL = 2;
  private static final int WIDE = 1 << 7;
  private static final long ADDRESS = 0xFEE0_0000L;
  private static final int DESTINATION = 12;

  private final int sbdf;
  private final DeviceContext context;
  private final HostBridgesPort bridges;
  private final HostVectorsPort vectors;
  private final HostVector handler;
  private final LongCell vector;
  private boolean comes;

  /** @param sbdf the IOMMU's function @param name of its cell of state, where its vector is kept */
  EventMessage(int sbdf, DeviceContext context, DeviceState state, String name, Runnable told) {
    this.sbdf = sbdf;
    this.context = context;
    bridges = context.port(HostBridgesPort.class);
    vectors = context.port(HostVectorsPort.class);
    handler = (cpu, number) -> told.run();
    vector = state.cell(name, 0);
  }

  /** Has it come from now on: by the vector that it had, or a free one. */
  void claim() {
    int got = vectors.claim(vector.value == 0 ? -1 : (int) vector.value, handler, context);
    vector.value = Math.max(0, got);
    HostBridgePort bridge = bridges.of(sbdf);
    int at = bridge == null || got < 0 ? 0 : capability(bridge);
    comes = at != 0;
    if (comes) {
      int rid = Sbdf.rid(sbdf);
      int control = bridge.read(rid, at + CONTROL, 2);
      boolean wide = (control & WIDE) != 0;
      bridge.write(rid, at + 4, 4, (int) (ADDRESS | (long) Cpu.of(context.processors()).getFirst().apicId() << DESTINATION));
      if (wide) {
        bridge.write(rid, at + 8, 4, 0);
      }
      bridge.write(rid, at + (wide ? 12 : 8), 2, got);
      bridge.write(rid, at + CONTROL, 2, control & ~0x70 | 1);
    }
  }

  /** Whether the function was told to send it. */
  boolean comes() {
    return comes;
  }

  /** It comes no more. */
  void release() {
    vectors.release((int) vector.value, handler);
  }

  private int capability(HostBridgePort bridge) {
    int rid = Sbdf.rid(sbdf);
    if ((bridge.read(rid, STATUS, 2) & HAS_LIST) == 0) {
      return 0;
    }
    int at = bridge.read(rid, LIST, 1) & 0xFC;
    for (int i = 0; i < MOST_CAPABILITIES && at >= 0x40; i++) {
      if (bridge.read(rid, at, 1) == MSI) {
        return at;
      }
      at = bridge.read(rid, at + 1, 1) & 0xFC;
    }
    return 0;
  }
}
