// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.ListedRegister;

/**
 * Register groups of the distributor window, each a run of 32-bit words (GICv2 architecture specification, Arm IHI 0048B,
 * table 4-1).
 */
enum GicdRegister {
  /** Forwarding of group 0 (bit 0) and group 1 (bit 1). */
  GICD_CTLR(0x000, 1),
  /** Number of lines and CPUs. */
  GICD_TYPER(0x004, 1),
  /** Implementer. */
  GICD_IIDR(0x008, 1),
  /** Group of each interrupt. */
  GICD_IGROUPR(0x080, 32),
  /** A written one enables forwarding. */
  GICD_ISENABLER(0x100, 32),
  /** A written one disables forwarding. */
  GICD_ICENABLER(0x180, 32),
  /** A written one makes pending. */
  GICD_ISPENDR(0x200, 32),
  /** A written one takes the latched pending state away. */
  GICD_ICPENDR(0x280, 32),
  /** A written one makes active. */
  GICD_ISACTIVER(0x300, 32),
  /** A written one makes inactive. */
  GICD_ICACTIVER(0x380, 32),
  /** Priority, a byte each. */
  GICD_IPRIORITYR(0x400, 256),
  /** Target CPUs, a byte each. */
  GICD_ITARGETSR(0x800, 256),
  /** Level or edge, two bits each. */
  GICD_ICFGR(0xC00, 64),
  /** Non-secure access to group 0: without Security Extensions RAZ/WI. */
  GICD_NSACR(0xE00, 64),
  /** Sends a software-generated interrupt. */
  GICD_SGIR(0xF00, 1),
  /** Takes SGIs away by source. */
  GICD_CPENDSGIR(0xF10, 4),
  /** Makes SGIs pending by source. */
  GICD_SPENDSGIR(0xF20, 4),
  /** Peripheral and component identification. */
  GICD_ID(0xFD0, 12);

  private static final GicdRegister[] AT = new GicdRegister[0x1000 / 4];

  static {
    for (GicdRegister group : values()) {
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

  GicdRegister(int offset, int words) {
    this.offset = offset;
    this.words = words;
  }

  /** All words, with their numbers in a group. */
  static List<ListedRegister> words() {
    List<ListedRegister> all = new ArrayList<>();
    for (GicdRegister group : values()) {
      all.addAll(ListedRegister.run(group.name(), group.offset, Integer.BYTES, group.words, "Arm IHI 0048B, table 4-1"));
    }
    return ListedRegister.saidBy(GicdRegister.class, all);
  }

  /** The group that covers a byte offset, or null. */
  static GicdRegister at(long offset) {
    return offset < 0x1000 ? AT[(int) offset >> 2] : null;
  }
}
