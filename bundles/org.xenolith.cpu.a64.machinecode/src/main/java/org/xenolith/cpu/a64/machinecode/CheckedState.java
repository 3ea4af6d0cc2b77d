// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;

/** What generated code may change of a CPU, at one instruction. */
final class CheckedState {
  private static final int GENERAL = 32;

  private final long[] x = new long[GENERAL];
  private final long[] v = new long[64];
  private final long[] system = new long[PlainRegisters.written()];
  private long userStack;
  private int nzcv;
  private int daif;
  private int fpsr;
  private boolean armed;
  private long address;
  private int size;
  private long low;
  private long high;
  private long pc;
  private long left;
  private long executed;

  void take(Cpu c) {
    System.arraycopy(c.x, 0, x, 0, x.length);
    System.arraycopy(c.v, 0, v, 0, v.length);
    for (int i = 0; i < system.length; i++) {
      system[i] = c.sys[PlainRegisters.register(i).ordinal()];
    }
    userStack = c.sp[0];
    nzcv = c.nzcv();
    daif = c.daif;
    fpsr = c.fp.fpsr;
    armed = c.memory.monitorArmed();
    address = c.memory.monitorAddress();
    size = c.memory.monitorSize();
    low = c.memory.monitorLow();
    high = c.memory.monitorHigh();
    pc = c.pc;
    left = c.left;
    executed = c.executed();
  }

  /** The CPU is what it was, but for the count of instructions. */
  void put(Cpu c) {
    System.arraycopy(x, 0, c.x, 0, x.length);
    System.arraycopy(v, 0, c.v, 0, v.length);
    for (int i = 0; i < system.length; i++) {
      c.sys[PlainRegisters.register(i).ordinal()] = system[i];
    }
    c.sp[0] = userStack;
    c.nzcv(nzcv);
    c.daif = daif;
    c.fp.fpsr = fpsr;
    c.memory.monitor(armed, address, size, low, high);
    c.pc = pc;
  }

  long pc() {
    return pc;
  }

  long left() {
    return left;
  }

  /** Instructions that were completed then. */
  long executed() {
    return executed;
  }

  /** Whether another one, which has one thing differently, has more flags of floating point. */
  boolean lacksOnlyFlags(CheckedState other) {
    return fpsr != other.fpsr && hasFlags(fpsr, other.fpsr);
  }

  /** Whether it has all flags of floating point that another one has. */
  boolean hasFlagsOf(CheckedState other) {
    return hasFlags(other.fpsr, fpsr);
  }

  private static boolean hasFlags(int some, int all) {
    return (some & ~all) == 0;
  }

  /** What another one has differently but for the count of instructions, a line each: this one's value, then the other's. */
  String differences(CheckedState other) {
    StringBuilder text = new StringBuilder();
    append(text, "pc", pc, other.pc);
    for (int i = 0; i < x.length; i++) {
      append(text, i == Cpu.SP ? "sp" : "x" + i, x[i], other.x[i]);
    }
    for (int i = 0; i < v.length; i++) {
      append(text, "v" + i / 2 + (i % 2 == 0 ? ".low" : ".high"), v[i], other.v[i]);
    }
    for (int i = 0; i < system.length; i++) {
      append(text, PlainRegisters.register(i).name(), system[i], other.system[i]);
    }
    append(text, "SP_EL0", userStack, other.userStack);
    append(text, "nzcv", nzcv >>> 28, other.nzcv >>> 28);
    append(text, "daif", daif, other.daif);
    append(text, "fpsr", fpsr, other.fpsr);
    append(text, "monitor armed", armed ? 1 : 0, other.armed ? 1 : 0);
    append(text, "monitor address", address, other.address);
    append(text, "monitor size", size, other.size);
    append(text, "monitor low", low, other.low);
    append(text, "monitor high", high, other.high);
    return text.toString();
  }

  private static void append(StringBuilder text, String name, long one, long other) {
    if (one != other) {
      text.append("  %s: 0x%x, 0x%x%n".formatted(name, one, other));
    }
  }
}
