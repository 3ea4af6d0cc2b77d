// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.GuestView;
import org.xenolith.profile.Symbols.Symbol;

/** What the kernel of one guest says of itself: looked for when it has been running for a while, so that it has relocated itself. */
final class KernelSymbols {
  /** Looks after this many samples of the kernel where it is mapped for good, then after ever more. */
  private static final int FIRST = 64;
  private static final int LAST = FIRST << 8;

  private Symbols symbols = Symbols.NONE;
  /** Where the image is mapped, less where it is in memory. */
  private long aboveMemory;
  private int seen;
  private int next = FIRST;

  /** The symbols, as far as they are known. */
  Symbols known() {
    return symbols;
  }

  /** The symbol of an address, also of where the image is before the kernel has turned its MMU on; null if it is none's. */
  Symbol at(long address) {
    return symbols.at(address < 0 ? address : address + aboveMemory);
  }

  /** A CPU executes this kernel at EL1. */
  void sampled(Cpu cpu, GuestView view) {
    if (symbols == Symbols.NONE && cpu.pc < 0 && next <= LAST && ++seen >= next) {
      next *= 4;
      look(cpu, view);
    }
  }

  /** The last chance: the machine is about to be closed, and a CPU is still in this kernel. */
  void last(Cpu cpu, GuestView view) {
    if (symbols == Symbols.NONE && seen > 0 && cpu.pc < 0) {
      look(cpu, view);
    }
  }

  private void look(Cpu cpu, GuestView view) {
    symbols = Kallsyms.find(KernelImage.around(view, cpu.pc));
    aboveMemory = cpu.pc - view.intermediate(cpu.pc, cpu.el);
  }
}
