// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import org.xenolith.gic.kit.InterruptBanks;
import org.xenolith.regs.DeviceState;

/** What the distributor knows of every interrupt; there are banks for as many CPUs as the architecture can address. */
final class InterruptStates extends InterruptBanks {
  /** Most CPUs that the architecture can address. */
  static final int CPUS = 8;

  private final byte[] target;
  /** CPUs from which SGI n is pending at CPU c, at {@code 16c + n}. */
  final byte[] sources;

  InterruptStates(DeviceState state, int cpus, int lines) {
    super(state, cpus, CPUS, lines);
    declarePriorities(state);
    target = state.bytes("target", lines);
    sources = state.bytes("sgi-sources", CPUS * 16);
  }

  /** After the state was zeroed: SGIs are always enabled and always edges (as in QEMU; IMPLEMENTATION DEFINED). */
  void reset() {
    for (int cpu = 0; cpu < CPUS; cpu++) {
      enabled[cpu] = 0xFFFF;
      edge[cpu] = 0xFFFF;
    }
    derive();
  }

  /** Rebuilds what follows from the state. */
  void derive() {
    for (int id = SPI; id < lines; id++) {
      spread(id);
    }
  }

  private void spread(int id) {
    // A uniprocessor has no target registers: everything goes to the only CPU (IHI 0048B, 4.3.12).
    int to = cpus == 1 ? 1 : target[id];
    for (int cpu = 0; cpu < cpus; cpu++) {
      goes(id, cpu, (to >> cpu & 1) != 0);
    }
  }

  /** GICD_ITARGETSR byte; read-only and the own bit for private interrupts, zero on a uniprocessor. */
  int target(int cpu, int id) {
    if (cpus == 1) {
      return 0;
    }
    return id < SPI ? 1 << cpu : target[id] & 0xFF;
  }

  void setTarget(int id, int mask) {
    if (cpus > 1 && id >= SPI) {
      target[id] = (byte) (mask & (1 << cpus) - 1);
      spread(id);
    }
  }

  /** Pending to active. Returns the value of IAR: the number, for an SGI with its source in bits 12:10. */
  int acknowledge(int cpu, int id) {
    int bank = bank(cpu, id);
    int bit = 1 << id;
    active[bank] |= bit;
    if (id >= 16) {
      unlatch(bank, bit);
      return id;
    }
    int at = cpu * 16 + id;
    int source = Integer.numberOfTrailingZeros(sources[at] & 0xFF) & 7;
    sources[at] &= (byte) ~(1 << source);
    if (sources[at] == 0) {
      unlatch(bank, bit);
    }
    return id | source << 10;
  }

  /** Adds or takes sources of a pending SGI. */
  void sgi(int cpu, int id, int sourceMask, boolean pend) {
    int at = cpu * 16 + id;
    int now = pend ? sources[at] | sourceMask : sources[at] & ~sourceMask;
    sources[at] = (byte) now;
    if ((now & 0xFF) != 0) {
      latch(cpu, 1 << id);
    } else {
      unlatch(cpu, 1 << id);
    }
  }
}
