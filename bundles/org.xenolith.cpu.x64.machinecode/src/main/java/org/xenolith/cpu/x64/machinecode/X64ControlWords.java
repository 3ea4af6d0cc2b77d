// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.x64.arch.X64Clock;
import org.xenolith.x64.arch.X64Control;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64KnownReturn;
import org.xenolith.x64.arch.X64State;

/** What code must know of a CPU to let interrupts through and return from them, to change flags and the base of GS, and to read its time-stamp counter. */
final class X64ControlWords {
  private static final long LOW = 0xFFFF_FFFFL;

  private X64ControlWords() {}

  /** Code is to go on from what the CPU's fields say. */
  static void fill(X64Core c, X64NativeState state) {
    state.word(X64StateLayout.STI_OPEN, c.cpl <= c.ioLevel() && !c.inputs.asserted() ? 1 : 0);
    state.word(X64StateLayout.STI_LEFT, 0);
    state.word(X64StateLayout.KERNEL_GS_BASE, c.kernelGsBase);
    state.word(X64StateLayout.SUPERVISOR, c.cpl == 0 ? 1 : 0);
    state.word(X64StateLayout.RESUMED, (c.flags & X64Flags.RF) != 0 ? 1 : 0);
    long end = c.clock.after(c.left);
    boolean open = end != X64Clock.UNKNOWN && (c.cpl == 0 || (c.cr4 & X64Control.TSD) == 0);
    state.word(X64StateLayout.TIME_OPEN, open ? 1 : 0);
    state.word(X64StateLayout.TIME_END, end);
    state.word(X64StateLayout.TIME_AUX, c.tscAux & LOW);
    fillReturn(c.known, state);
  }

  private static void fillReturn(X64KnownReturn known, X64NativeState state) {
    if (!known.holds()) {
      state.word(X64StateLayout.RETURN_OPEN, 0);
      return;
    }
    state.word(X64StateLayout.RETURN_OPEN, 1);
    state.word(X64StateLayout.CODE_PLACE, known.codePlace());
    state.word(X64StateLayout.CODE_DESCRIPTOR, known.codeDescriptor());
    state.word(X64StateLayout.STACK_PLACE, known.stackPlace());
    state.word(X64StateLayout.STACK_DESCRIPTOR, known.stackDescriptor());
  }

  /** The CPU's fields become what code has left. The instruction that follows is one behind STI if that was the last to be executed. */
  static void spill(X64Core c, X64NativeState state) {
    c.base[X64State.GS] = state.word(X64StateLayout.GS_BASE);
    c.kernelGsBase = state.word(X64StateLayout.KERNEL_GS_BASE);
    if (c.left == state.word(X64StateLayout.STI_LEFT) - 1) {
      c.inputs.shadowed();
    }
  }
}
