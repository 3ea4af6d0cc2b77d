// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gic.kit;

import org.jspecify.annotations.Nullable;

/**
 * Registers that describe interrupts, at the same offsets in a distributor of either version and in a redistributor's SGI
 * frame (Arm IHI 0048B, table 4-1; Arm IHI 0069H, tables 12-25 and 12-29).
 */
public enum BankRegister {
  /** Group of each interrupt. */
  IGROUPR(0x080, 1),
  /** A written one enables forwarding. */
  ISENABLER(0x100, 1),
  /** A written one disables forwarding. */
  ICENABLER(0x180, 1),
  /** A written one makes pending. */
  ISPENDR(0x200, 1),
  /** A written one takes the pending state away. */
  ICPENDR(0x280, 1),
  /** Active, by a written one set (ISACTIVER) or taken away (ICACTIVER). */
  ISACTIVER(0x300, 1),
  /** Active, by a written one set (ISACTIVER) or taken away (ICACTIVER). */
  ICACTIVER(0x380, 1),
  /** Priority, a byte each. */
  IPRIORITYR(0x400, 8),
  /** Target CPUs, a byte each (v2). */
  ITARGETSR(0x800, 8),
  /** Level or edge, two bits each. */
  ICFGR(0xC00, 2),
  /** Group modifier (v3). */
  IGRPMODR(0xD00, 1),
  /** Non-secure access control. */
  NSACR(0xE00, 2);

  private static final BankRegister[] AT = new BankRegister[0xF00 / 4];

  static {
    for (BankRegister register : values()) {
      for (int i = 0; i < 32 * register.bits; i++) {
        if (AT[register.offset / 4 + i] != null) {
          throw new IllegalStateException(register + " overlaps " + AT[register.offset / 4 + i]);
        }
        AT[register.offset / 4 + i] = register;
      }
    }
  }

  public final int offset;
  /** Bits that each interrupt has in it. */
  public final int bits;

  BankRegister(int offset, int bits) {
    this.offset = offset;
    this.bits = bits;
  }

  /** The register that covers a byte offset, or null. */
  public static @Nullable BankRegister at(long offset) {
    return offset >= 0 && offset < 0xF00 ? AT[(int) offset >> 2] : null;
  }

  /** The first interrupt that the word at a byte offset describes. */
  public int first(long wordOffset) {
    return ((int) wordOffset - offset) * 8 / bits;
  }
}
