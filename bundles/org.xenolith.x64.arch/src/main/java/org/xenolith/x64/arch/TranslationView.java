// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at memory as a CPU's software sees it, and leaves no trace: no TLB is asked or filled, no accessed flag set, no fault noted, no device read. For who
 * looks into a machine, between two instructions. Rights are told, and not asked for; SMAP and protection keys don't count among them.
 */
public final class TranslationView {
  private static final int PAGE = 12;

  private final Core cpu;
  private final QuietTables tables;
  private final PageWalk walk;

  /** A view of what a CPU executes. */
  public TranslationView(Core cpu) {
    this.cpu = cpu;
    tables = new QuietTables(cpu);
    walk = cpu.mmu.quietWalk(tables);
  }

  /**
   * What paging makes of a linear address, by the structures as they are now: the address that the software itself would call physical. null if it isn't mapped, or a
   * structure isn't in RAM.
   *
   * @param user whether the rights are those of CPL 3, or else those of less
   */
  public @Nullable GuestMapping linear(long address, boolean user) {
    boolean wide = (cpu.cr4 & ControlBits.PAE) != 0;
    tables.begin(cpu.longMode() ? 3 : 1);
    if ((cpu.cr0 & ControlBits.PG) == 0) {
      return new GuestMapping(address & 0xFFFF_FFFFL, PAGE, true, true, true);
    }
    if (!Mmu.canonical(address) || !walk.walk(cpu.wide(address))) {
      return null;
    }
    int bits = walk.bits;
    int size = (bits & Tlb.HUGE) != 0 ? 30 : (bits & Tlb.LARGE) == 0 ? PAGE : wide ? 21 : 22;
    boolean isUser = (bits & Tlb.USER) != 0;
    boolean writable = (bits & Tlb.WRITE) != 0 || !user && (cpu.cr0 & ControlBits.WP) == 0;
    boolean executable = (bits & Tlb.NO_EXECUTE) == 0 && (user || !isUser || (cpu.cr4 & ControlBits.SMEP) == 0);
    boolean its = !user || isUser;
    return new GuestMapping(walk.frame | address & 0xFFF, size, its, its && writable, its && executable);
  }

  /** Whether nested page tables of a host's software are below. */
  public boolean guest() {
    return cpu.host.attached();
  }

  /** What nested page tables make of a guest physical address, as {@link #linear}. */
  public GuestMapping nested(long address) {
    tables.begin(0);
    return tables.nested(address);
  }

  /** The entries that the last {@link #linear} or {@link #nested} has read, in their order; those of nested tables that lead to the guest's among them. */
  public List<TableRead> reads() {
    return tables.reads();
  }
}
