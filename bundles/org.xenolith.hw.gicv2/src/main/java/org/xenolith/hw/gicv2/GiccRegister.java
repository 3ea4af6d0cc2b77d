// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.ListedRegister;

/** Register groups of the CPU interface window (Arm IHI 0048B, table 4-2). */
enum GiccRegister {
  /** Enables, FIQ and EOI modes. */
  GICC_CTLR(0x0000, 1),
  /** Priority mask. */
  GICC_PMR(0x0004, 1),
  /** Binary point of group 0. */
  GICC_BPR(0x0008, 1),
  /** Acknowledges. */
  GICC_IAR(0x000C, 1),
  /** Ends: priority drop, and deactivation unless CTLR.EOImode. */
  GICC_EOIR(0x0010, 1),
  /** Running priority. */
  GICC_RPR(0x0014, 1),
  /** Highest priority pending interrupt. */
  GICC_HPPIR(0x0018, 1),
  /** Binary point of group 1. */
  GICC_ABPR(0x001C, 1),
  /** Acknowledges group 1. */
  GICC_AIAR(0x0020, 1),
  /** Ends group 1. */
  GICC_AEOIR(0x0024, 1),
  /** Highest priority pending interrupt of group 1. */
  GICC_AHPPIR(0x0028, 1),
  /** Active priorities of group 0. */
  GICC_APR(0x00D0, 4),
  /** Active priorities of group 1. */
  GICC_NSAPR(0x00E0, 4),
  /** Implementer and version. */
  GICC_IIDR(0x00FC, 1),
  /** Deactivates, when CTLR.EOImode is set. */
  GICC_DIR(0x1000, 1);

  private static final GiccRegister[] AT = new GiccRegister[0x1004 / 4];

  static {
    for (GiccRegister group : values()) {
      for (int i = 0; i < group.words; i++) {
        AT[group.offset / 4 + i] = group;
      }
    }
  }

  final int offset;
  private final int words;

  GiccRegister(int offset, int words) {
    this.offset = offset;
    this.words = words;
  }

  /** All words, with their numbers in a group. */
  static List<ListedRegister> words() {
    List<ListedRegister> all = new ArrayList<>();
    for (GiccRegister group : values()) {
      all.addAll(ListedRegister.run(group.name(), group.offset, Integer.BYTES, group.words, "Arm IHI 0048B, table 4-2"));
    }
    return ListedRegister.saidBy(GiccRegister.class, all);
  }

  /** The group that covers a byte offset, or null. */
  static GiccRegister at(long offset) {
    return offset < 0x1004 ? AT[(int) offset >> 2] : null;
  }
}
