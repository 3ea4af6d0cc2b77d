// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xenolith.hostcode.kit.SurvivingMemory;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;

/** What generated code shares with a CPU: copies of what is in its fields, in the places of {@link StateLayout}. */
final class NativeState {
  private static final int GENERAL = 16;
  private static final int VECTORS = 32;
  /** ES to GS. */
  private static final int SEGMENTS = 6;
  /** All exceptions masked. */
  private static final int MASKED = 0x1F80;
  /** What the JVM's code expects: all masked, to nearest. */
  private static final int HOST = 0x1F80;

  private final Core cpu;
  private final MemorySegment surviving = SurvivingMemory.allocate("state", StateLayout.SIZE);
  private final long begin = surviving.asSlice(SurvivingMemory.HEAD).address();

  NativeState(Core cpu) {
    this.cpu = cpu;
    word(StateLayout.HOST_MXCSR, HOST);
  }

  /** It is the state of code that is executed there. */
  void belongsTo(long executed) {
    surviving.set(ValueLayout.JAVA_LONG, SurvivingMemory.OWN, SurvivingMemory.HEAD + StateLayout.BEFORE + StateLayout.PAGE);
    SurvivingMemory.belongsTo(surviving, executed, Translations.SIZE);
  }

  /** What code has in RBP. */
  long base() {
    return begin + StateLayout.BEFORE;
  }

  long word(int place) {
    return HostMemory.read64(null, at(place));
  }

  void word(int place, long value) {
    HostMemory.write64(null, at(place), value);
  }

  private long at(int place) {
    // No distance is negative: the JVM's compiler then knows all of them.
    return HostMemory.address(begin) + (StateLayout.BEFORE + place);
  }

  /** Code is to go on from what the CPU's fields say. */
  void fill() {
    Core c = cpu;
    long to = at(StateLayout.general(0));
    for (int i = 0; i < GENERAL; i++) {
      HostMemory.write64(null, to + 8L * i, c.r[i]);
    }
    long rflags = c.rflags();
    word(StateLayout.FLAGS, (rflags & 0xFF) << 8 | rflags >>> 11 & 1);
    word(StateLayout.SYSTEM_FLAGS, c.flags & ~(FlagBits.VM | FlagBits.RF));
    word(StateLayout.IF_OPEN, c.cpl <= c.ioLevel() ? 1 : 0);
    ControlWords.fill(c, this);
    for (int i = 0; i < SEGMENTS; i++) {
      word(StateLayout.selector(i), c.selector[i]);
    }
    word(StateLayout.FS_BASE, c.base[CpuState.FS]);
    word(StateLayout.GS_BASE, c.base[CpuState.GS]);
    word(StateLayout.LEFT, c.left);
    word(StateLayout.VECTORS_OPEN, 0);
  }

  /** Code has the XMM registers, and the host's floating point if no exception of it is one of the guest's. */
  void vectors() {
    Core c = cpu;
    long to = at(StateLayout.VECTORS);
    for (int i = 0; i < VECTORS; i++) {
      HostMemory.write64(null, to + 8L * i, c.xmm[i]);
    }
    word(StateLayout.MXCSR, c.mxcsr);
    word(StateLayout.VECTORS_OPEN, (c.mxcsr & MASKED) == MASKED ? 2 : 1);
  }

  /** The CPU's fields become what code has left, but for the program counter and the count of instructions. */
  void spill() {
    Core c = cpu;
    long from = at(StateLayout.general(0));
    for (int i = 0; i < GENERAL; i++) {
      c.r[i] = HostMemory.read64(null, from + 8L * i);
    }
    long flags = word(StateLayout.FLAGS);
    c.arithmeticFlags((int) (flags >>> 8 & 0xFF | (flags & 1) << 11));
    c.flags = c.flags & ~FlagBits.IF | (int) word(StateLayout.SYSTEM_FLAGS) & FlagBits.IF;
    ControlWords.spill(c, this);
    long open = word(StateLayout.VECTORS_OPEN);
    if (open != 0) {
      spillVectors(c, open);
    }
  }

  private void spillVectors(Core c, long open) {
    long from = at(StateLayout.VECTORS);
    for (int i = 0; i < VECTORS; i++) {
      c.xmm[i] = HostMemory.read64(null, from + 8L * i);
    }
    if (open == 2) {
      c.mxcsr = (int) word(StateLayout.MXCSR);
    }
  }
}
