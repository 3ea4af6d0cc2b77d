// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.arch.KnownReturn;
import org.xenolith.x64.arch.TimeStampCounter;

/** What code must know of a CPU to let interrupts through and return from them, to change flags and the base of GS, and to read its time-stamp counter. */
final class ControlWords {
  private static final long LOW = 0xFFFF_FFFFL;

  private ControlWords() {}

  /** Code is to go on from what the CPU's fields say. */
  static void fill(Core c, NativeState state) {
    state.word(StateLayout.STI_OPEN, c.cpl <= c.ioLevel() && !c.inputs.asserted() ? 1 : 0);
    state.word(StateLayout.STI_LEFT, 0);
    state.word(StateLayout.KERNEL_GS_BASE, c.kernelGsBase);
    state.word(StateLayout.SUPERVISOR, c.cpl == 0 ? 1 : 0);
    state.word(StateLayout.RESUMED, (c.flags & FlagBits.RF) != 0 ? 1 : 0);
    long end = c.clock.after(c.left);
    boolean open = end != TimeStampCounter.UNKNOWN && (c.cpl == 0 || (c.cr4 & ControlBits.TSD) == 0);
    state.word(StateLayout.TIME_OPEN, open ? 1 : 0);
    state.word(StateLayout.TIME_END, end);
    state.word(StateLayout.TIME_AUX, c.tscAux & LOW);
    fillReturn(c.known, state);
  }

  private static void fillReturn(KnownReturn known, NativeState state) {
    if (!known.holds()) {
      state.word(StateLayout.RETURN_OPEN, 0);
      return;
    }
    state.word(StateLayout.RETURN_OPEN, 1);
    state.word(StateLayout.CODE_PLACE, known.codePlace());
    state.word(StateLayout.CODE_DESCRIPTOR, known.codeDescriptor());
    state.word(StateLayout.STACK_PLACE, known.stackPlace());
    state.word(StateLayout.STACK_DESCRIPTOR, known.stackDescriptor());
  }

  /** The CPU's fields become what code has left. The instruction that follows is one behind STI if that was the last to be executed. */
  static void spill(Core c, NativeState state) {
    c.base[CpuState.GS] = state.word(StateLayout.GS_BASE);
    c.kernelGsBase = state.word(StateLayout.KERNEL_GS_BASE);
    if (c.left == state.word(StateLayout.STI_LEFT) - 1) {
      c.inputs.shadowed();
    }
  }
}
