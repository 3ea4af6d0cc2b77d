// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import org.xenolith.inspect.api.InspectedMemory;
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

  /** A CPU executes this kernel. @param pc where, in that memory */
  void sampled(InspectedMemory memory, long pc) {
    if (symbols == Symbols.NONE && pc < 0 && next <= LAST && ++seen >= next) {
      next *= 4;
      look(memory, pc);
    }
  }

  /** The last chance: the machine is about to be closed, and a CPU is still in this kernel. */
  void last(InspectedMemory memory, long pc) {
    if (symbols == Symbols.NONE && seen > 0 && pc < 0) {
      look(memory, pc);
    }
  }

  private void look(InspectedMemory memory, long pc) {
    symbols = Kallsyms.find(KernelImage.around(memory, pc));
    aboveMemory = memory.translate(pc).map(found -> pc - found.address()).orElse(0L);
  }
}
