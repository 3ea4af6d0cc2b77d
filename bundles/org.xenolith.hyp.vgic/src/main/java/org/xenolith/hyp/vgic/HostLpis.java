// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.Arrays;
import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.arm.api.VirtualGic;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * LPIs of the machine: the configuration table, which all redistributors share and which has every LPI enabled with the priority of
 * all physical interrupts, and each redistributor's pending table (Arm IHI 0069H, 5.1.1 and 5.1.2). The tables stay for good.
 */
final class HostLpis {
  private static final int ID_BITS = 16;
  private static final int ENABLED = 1;
  /** A byte for each LPI, in frames. */
  private static final int CONFIGURATION_FRAMES = VirtualGic.END_OF_LPIS - VirtualGic.FIRST_LPI >> 12;
  /** A bit for each interrupt, in frames; aligned to 64 KiB. */
  private static final int PENDING_FRAMES = VirtualGic.END_OF_LPIS / 8 >> 12;
  private static final int PENDING_ALIGNMENT = 16;

  private final PhysicalGic gic;
  private final FrameHeap heap;
  private final MachineMemory memory;
  private final DeviceContext context;
  /** Machine address of the configuration table; 0 before LPIs were wanted. */
  private final LongCell configuration;
  /** By CPU: machine address of the pending table; 0 for none yet. */
  private final long[] pending;

  HostLpis(DeviceContext context, DeviceState state, PhysicalGic gic, MachineMemory memory, int cpus) {
    this.context = context;
    this.gic = gic;
    this.memory = memory;
    heap = context.port(FrameHeapPort.class);
    configuration = state.cell("lpi-configuration", 0);
    pending = state.longs("lpi-pending", cpus);
  }

  /**
   * Has the machine's LPIs come from now on.
   *
   * @param started CPUs whose part was brought up
   * @return false if the hardware has none, or there is no memory for the tables
   */
  boolean begin(List<Cpu> started, Cpu via) {
    if (!configuration.isSet()) {
      if (!gic.hasLpis(via)) {
        return false;
      }
      long frame = heap.allocate(FrameHeap.HYPERVISOR, CONFIGURATION_FRAMES, 1);
      if (frame < 0) {
        return false;
      }
      byte[] page = new byte[4096];
      Arrays.fill(page, (byte) (PhysicalGic.PRIORITY | ENABLED));
      for (int i = 0; i < CONFIGURATION_FRAMES; i++) {
        memory.write(frame + i << 12, page, 0, page.length);
      }
      configuration.value = frame << 12;
      started.forEach(this::start);
    }
    return true;
  }

  /** Enables LPIs at a CPU's redistributor, if they are wanted. */
  void start(Cpu cpu) {
    if (!configuration.isSet() || !gic.hasLpis(cpu)) {
      return;
    }
    if (pending[cpu.index()] == 0) {
      long frame = heap.allocate(FrameHeap.HYPERVISOR, PENDING_FRAMES, PENDING_ALIGNMENT);
      if (frame < 0) {
        context.events().report("lpi-memory", context.instance(),
            "cpu%d: no frames for its table of pending LPIs: it takes none".formatted(cpu.index()));
        return;
      }
      for (int i = 0; i < PENDING_FRAMES; i++) {
        memory.clear(frame + i << 12);
      }
      pending[cpu.index()] = frame << 12;
    }
    gic.enableLpis(cpu, configuration.value, pending[cpu.index()], ID_BITS);
  }
}
