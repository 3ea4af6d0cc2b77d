// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.ListedRegister;

/** Register groups of the virtual interface control window (Arm IHI 0048B, table 5-6). */
enum GichRegister {
  /** Enables of the virtual interface and of its maintenance interrupts, EOI count. */
  GICH_HCR(0x000, 1),
  /** Number of list registers and priority bits. */
  GICH_VTR(0x004, 1),
  /** The guest's view of its CPU interface. */
  GICH_VMCR(0x008, 1),
  /** Reasons of the maintenance interrupt. */
  GICH_MISR(0x010, 1),
  /** List registers that ended and asked to tell. */
  GICH_EISR(0x020, 2),
  /** List registers that are free. */
  GICH_ELRSR(0x030, 2),
  /** Active virtual priorities. */
  GICH_APR(0x0F0, 1),
  /** List registers. */
  GICH_LR(0x100, ListRegisters.COUNT);

  private static final GichRegister[] AT = new GichRegister[0x200 / 4];

  static {
    for (GichRegister group : values()) {
      for (int i = 0; i < group.words; i++) {
        if (AT[group.offset / 4 + i] != null) {
          throw new IllegalStateException(group + " overlaps " + AT[group.offset / 4 + i]);
        }
        AT[group.offset / 4 + i] = group;
      }
    }
  }

  final int offset;
  private final int words;

  GichRegister(int offset, int words) {
    this.offset = offset;
    this.words = words;
  }

  /** All words, with their numbers in a group. */
  static List<ListedRegister> words() {
    List<ListedRegister> all = new ArrayList<>();
    for (GichRegister group : values()) {
      all.addAll(ListedRegister.run(group.name(), group.offset, Integer.BYTES, group.words, "Arm IHI 0048B, table 5-6"));
    }
    return ListedRegister.saidBy(GichRegister.class, all);
  }

  /** The group that covers a byte offset, or null. */
  static GichRegister at(long offset) {
    return offset < 0x200 ? AT[(int) offset >> 2] : null;
  }
}
