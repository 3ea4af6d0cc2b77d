// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.api.PhysicalBus;

/** I/O ports and who may use them (Intel SDM volume 1, 19.5). Methods may throw {@link CpuFault}. */
public final class IoPorts {
  private final Core cpu;

  IoPorts(Core cpu) {
    this.cpu = cpu;
  }

  /** Refuses with a general protection what IOPL and the I/O permission bitmap don't allow. */
  public void check(int port, int size) {
    if (cpu.real() || cpu.cpl <= cpu.ioLevel() && !cpu.virtual8086()) {
      return;
    }
    long limit = cpu.limit[CpuState.TR];
    if ((cpu.attributes[CpuState.TR] & Segments.PRESENT) == 0 || (cpu.attributes[CpuState.TR] & 8) == 0 || limit < 0x67) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    long at = cpu.events.taskWord(0x66, 2) + (port >> 3);
    if (at + 1 > limit) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    long bits = cpu.memory.systemRead(cpu.wide(cpu.base[CpuState.TR] + at), 2) >>> (port & 7);
    if ((bits & (1 << size) - 1) != 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
  }

  /** IN of 1, 2 or 4 bytes, zero-extended: all ones where nothing answers. */
  public long in(int port, int size) {
    accessed(port, size, false);
    if (cpu.host.attached()) {
      return cpu.host.port().in(cpu, port & 0xFFFF, size) & (1L << 8 * size) - 1;
    }
    return cpu.memory.physicalRead(PhysicalBus.PORTS | port & 0xFFFF, size) & (1L << 8 * size) - 1;
  }

  /** OUT of 1, 2 or 4 bytes. */
  public void out(int port, int size, long value) {
    accessed(port, size, true);
    if (cpu.host.attached()) {
      cpu.host.port().out(cpu, port & 0xFFFF, size, value & (1L << 8 * size) - 1);
      return;
    }
    cpu.memory.physicalWrite(PhysicalBus.PORTS | port & 0xFFFF, size, value);
  }

  private void accessed(int port, int size, boolean write) {
    cpu.breakpoints.port(port, size);
    if (cpu.points.watches()) {
      cpu.points.accessedPhysical(PhysicalBus.PORTS | port & 0xFFFF, size, write);
    }
  }
}
