// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xenolith.hostcode.kit.SurvivingMemory;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64State;

/** What generated code shares with a CPU: copies of what is in its fields, in the places of {@link X64StateLayout}. */
final class X64NativeState {
  private static final int GENERAL = 16;
  private static final int VECTORS = 32;
  /** ES to GS. */
  private static final int SEGMENTS = 6;
  /** All exceptions masked. */
  private static final int MASKED = 0x1F80;
  /** What the JVM's code expects: all masked, to nearest. */
  private static final int HOST = 0x1F80;

  private final X64Core cpu;
  private final MemorySegment surviving = SurvivingMemory.allocate("state", X64StateLayout.SIZE);
  private final long begin = surviving.asSlice(SurvivingMemory.HEAD).address();

  X64NativeState(X64Core cpu) {
    this.cpu = cpu;
    word(X64StateLayout.HOST_MXCSR, HOST);
  }

  /** It is the state of code that is executed there. */
  void belongsTo(long executed) {
    surviving.set(ValueLayout.JAVA_LONG, SurvivingMemory.OWN, SurvivingMemory.HEAD + X64StateLayout.BEFORE + X64StateLayout.PAGE);
    SurvivingMemory.belongsTo(surviving, executed, Translations.SIZE);
  }

  /** What code has in RBP. */
  long base() {
    return begin + X64StateLayout.BEFORE;
  }

  long word(int place) {
    return HostMemory.read64(null, at(place));
  }

  void word(int place, long value) {
    HostMemory.write64(null, at(place), value);
  }

  private long at(int place) {
    // No distance is negative: the JVM's compiler then knows all of them.
    return HostMemory.address(begin) + (X64StateLayout.BEFORE + place);
  }

  /** Code is to go on from what the CPU's fields say. */
  void fill() {
    X64Core c = cpu;
    long to = at(X64StateLayout.general(0));
    for (int i = 0; i < GENERAL; i++) {
      HostMemory.write64(null, to + 8L * i, c.r[i]);
    }
    long rflags = c.rflags();
    word(X64StateLayout.FLAGS, (rflags & 0xFF) << 8 | rflags >>> 11 & 1);
    word(X64StateLayout.SYSTEM_FLAGS, c.flags & ~(X64Flags.VM | X64Flags.RF));
    word(X64StateLayout.IF_OPEN, c.cpl <= c.ioLevel() ? 1 : 0);
    X64ControlWords.fill(c, this);
    for (int i = 0; i < SEGMENTS; i++) {
      word(X64StateLayout.selector(i), c.selector[i]);
    }
    word(X64StateLayout.FS_BASE, c.base[X64State.FS]);
    word(X64StateLayout.GS_BASE, c.base[X64State.GS]);
    word(X64StateLayout.LEFT, c.left);
    word(X64StateLayout.VECTORS_OPEN, 0);
  }

  /** Code has the XMM registers, and the host's floating point if no exception of it is one of the guest's. */
  void vectors() {
    X64Core c = cpu;
    long to = at(X64StateLayout.VECTORS);
    for (int i = 0; i < VECTORS; i++) {
      HostMemory.write64(null, to + 8L * i, c.xmm[i]);
    }
    word(X64StateLayout.MXCSR, c.mxcsr);
    word(X64StateLayout.VECTORS_OPEN, (c.mxcsr & MASKED) == MASKED ? 2 : 1);
  }

  /** The CPU's fields become what code has left, but for the program counter and the count of instructions. */
  void spill() {
    X64Core c = cpu;
    long from = at(X64StateLayout.general(0));
    for (int i = 0; i < GENERAL; i++) {
      c.r[i] = HostMemory.read64(null, from + 8L * i);
    }
    long flags = word(X64StateLayout.FLAGS);
    c.arithmeticFlags((int) (flags >>> 8 & 0xFF | (flags & 1) << 11));
    c.flags = c.flags & ~X64Flags.IF | (int) word(X64StateLayout.SYSTEM_FLAGS) & X64Flags.IF;
    X64ControlWords.spill(c, this);
    long open = word(X64StateLayout.VECTORS_OPEN);
    if (open != 0) {
      spillVectors(c, open);
    }
  }

  private void spillVectors(X64Core c, long open) {
    long from = at(X64StateLayout.VECTORS);
    for (int i = 0; i < VECTORS; i++) {
      c.xmm[i] = HostMemory.read64(null, from + 8L * i);
    }
    if (open == 2) {
      c.mxcsr = (int) word(X64StateLayout.MXCSR);
    }
  }
}
