// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.regs.DeviceState;

/** Breakpoints by debug registers (Intel SDM volume 3, 18.2): on execution before the instruction, on data and ports behind it. */
public final class DebugRegisters {
  private static final int EXECUTE = 0;
  private static final int WRITE = 1;
  private static final int PORT = 2;
  /** B0 to B3 of DR6. */
  private static final int ALL = 15;

  private final Core cpu;
  private boolean execution;
  private boolean data;
  private boolean ports;
  /** Bits of DR6 of breakpoints that the current instruction has hit, or one before it that loaded SS. */
  int hit;

  DebugRegisters(Core cpu, DeviceState state) {
    this.cpu = cpu;
    state.value("breakpointsHit", 0, () -> hit, value -> hit = (int) value);
  }

  /** The debug registers changed. */
  void changed() {
    boolean hadData = data;
    boolean hadExecution = execution;
    execution = false;
    data = false;
    ports = false;
    for (int i = 0; i < 4; i++) {
      if (enabled(i)) {
        int kind = kind(i);
        execution |= kind == EXECUTE;
        ports |= kind == PORT && (cpu.cr4 & ControlBits.DE) != 0;
        data |= kind == WRITE || kind == 3;
      }
    }
    if (hadData != data || data) {
      cpu.mmu.forget();
      cpu.mmu.select();
    }
    if (hadExecution != execution) {
      cpu.attention();
    }
  }

  private boolean enabled(int number) {
    return (cpu.dr[7] >>> 2 * number & 3) != 0;
  }

  private int kind(int number) {
    return (int) (cpu.dr[7] >>> 16 + 4 * number) & 3;
  }

  private int length(int number) {
    int code = (int) (cpu.dr[7] >>> 18 + 4 * number) & 3;
    return code == 2 ? 8 : code + 1;
  }

  /** Bits of DR6 of breakpoints that were hit and not told of yet. */
  public int pending() {
    return hit;
  }

  /** Whether each instruction must be looked at. */
  boolean execution() {
    return execution;
  }

  /** Whether accesses to the page of a linear address must be looked at. */
  boolean watches(long address) {
    if (data) {
      for (int i = 0; i < 4; i++) {
        if (enabled(i) && (kind(i) & 1) != 0 && (cpu.dr[i] ^ address) >>> 12 == 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** An access to memory. */
  void access(long address, int size, boolean write) {
    if (data) {
      note(address, size, write, false);
    }
  }

  /** An access to a port. */
  void port(int port, int size) {
    if (ports) {
      note(port, size, false, true);
    }
  }

  private void note(long address, int size, boolean write, boolean port) {
    for (int i = 0; i < 4; i++) {
      int kind = kind(i);
      boolean its = port ? kind == PORT : kind == 3 || kind == WRITE && write;
      long from = cpu.dr[i] & -length(i);
      if (enabled(i) && its && address < from + length(i) && from < address + size) {
        hit |= 1 << i;
        cpu.attention();
      }
    }
  }

  /** Whether an instruction at a linear address is to be stopped before; then the exception is noted. */
  boolean stops(long address) {
    if (!execution || (cpu.flags & FlagBits.RF) != 0 || cpu.inputs.stackLoaded()) {
      return false;
    }
    int found = 0;
    for (int i = 0; i < 4; i++) {
      if (enabled(i) && kind(i) == EXECUTE && cpu.dr[i] == address) {
        found |= 1 << i;
      }
    }
    if (found != 0) {
      report(found);
    }
    return found != 0;
  }

  /** DR6 of a debug exception says which breakpoints have been met, and none of an earlier one; its other bits stay until software clears them (Intel SDM volume 3, 18.2.3). */
  void report(int found) {
    cpu.dr[6] = cpu.dr[6] & ~ALL | found;
  }
}
