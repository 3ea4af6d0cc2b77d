// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.Ram;

/**
 * Looks at memory as a CPU's software sees it, and leaves no trace: no TLB is asked or filled, no fault is noted, no device is
 * read, no event reported. For what stands in for the software there; who looks into a machine has {@link TranslationView}.
 */
public final class GuestView {
  private final Cpu cpu;
  private final Walker walker;
  private final Translation translation = new Translation();

  /** A view of what a CPU executes. */
  public GuestView(Cpu cpu) {
    this.cpu = cpu;
    walker = Walker.ofMemory(cpu, null);
  }

  /**
   * The physical address of a virtual one, by the tables as they are now, both stages; -1 if it isn't mapped or can't be read
   * there, or a table isn't in RAM.
   *
   * @param level exception level whose mapping and rights count, 0 to 3
   */
  public long physical(long va, int level) {
    walker.walk(translation, Math.max(level, 1), va, level == 0 ? Tlb.USER_READ : Tlb.READ, false);
    return translation.fault ? -1 : translation.frame | va & 0xFFF;
  }

  /**
   * Copies bytes at a virtual address, which may lie in several pages.
   *
   * @param level see {@link #physical}
   * @return null if not all of them are in RAM that can be read there
   */
  public byte @Nullable [] bytes(long va, int level, int length) {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length;) {
      long physical = physical(va + done, level);
      Ram ram = physical == -1 ? null : cpu.env.bus().readable(physical);
      if (ram == null) {
        return null;
      }
      int piece = Math.min(length - done, 0x1000 - (int) (physical & 0xFFF));
      ram.read((int) (physical - ram.base), bytes, done, piece);
      done += piece;
    }
    return bytes;
  }
}
