// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at memory as a CPU's software sees it, and leaves no trace: no TLB is asked or filled, no fault is noted, no device is
 * read, no event reported. For who looks into a machine, between two instructions. Rights are told, and not asked for.
 */
public final class TranslationView {
  private final Walker walker;
  private final Translation translation = new Translation();
  private final List<TableRead> reads = new ArrayList<>();

  /** A view of what a CPU executes. */
  public TranslationView(Cpu cpu) {
    walker = Walker.ofMemory(cpu, (first, level, physical, descriptor) -> reads.add(new TableRead(first ? 1 : 2, level, physical,
        descriptor)));
  }

  /**
   * What stage 1 makes of a virtual address, by the tables as they are now: the address that the software itself would call physical. null if it isn't mapped, or
   * a table isn't in RAM.
   *
   * @param level exception level whose mapping and rights count, 0 to 3
   */
  public GuestMapping stage1(long va, int level) {
    reads.clear();
    walker.describeStage1(translation, Math.max(level, 1), va);
    return mapping(va, level == 0 ? Tlb.USER_READ : Tlb.READ, level == 0 ? Tlb.USER_WRITE : Tlb.WRITE, level == 0 ? Tlb.USER_EXECUTE
        : Tlb.EXECUTE);
  }

  /** Whether a hypervisor's stage 2 is below EL1 and EL0. */
  public boolean guest() {
    return walker.stage2On();
  }

  /** What stage 2 makes of an intermediate physical address, as {@link #stage1}; whether it is on or not. */
  public GuestMapping stage2(long ipa) {
    reads.clear();
    walker.describeStage2(translation, ipa);
    return mapping(ipa, Tlb.READ, Tlb.WRITE, Tlb.EXECUTE);
  }

  private @Nullable GuestMapping mapping(long from, int read, int write, int execute) {
    int allowed = translation.permissions;
    return translation.fault ? null : new GuestMapping(translation.frame | from & 0xFFF, translation.size, (allowed & read) != 0, (allowed
        & write) != 0, (allowed & execute) != 0);
  }

  /** The descriptors that the last {@link #stage1} or {@link #stage2} has read, in their order; those of stage 2 that lead to tables of stage 1 among them. */
  public List<TableRead> reads() {
    return List.copyOf(reads);
  }
}
