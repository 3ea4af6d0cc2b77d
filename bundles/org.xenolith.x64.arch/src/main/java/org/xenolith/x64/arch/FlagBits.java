// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/** Bits of RFLAGS (Intel SDM volume 1, 3.4.3). */
public final class FlagBits {
  /** Carry. */
  public static final int CF = 1;
  /** Always set. */
  public static final int FIXED = 1 << 1;
  /** Parity of the low byte. */
  public static final int PF = 1 << 2;
  /** Auxiliary carry, out of bit 3. */
  public static final int AF = 1 << 4;
  /** Zero. */
  public static final int ZF = 1 << 6;
  /** Sign. */
  public static final int SF = 1 << 7;
  /** Trap: single step. */
  public static final int TF = 1 << 8;
  /** Interrupts enabled. */
  public static final int IF = 1 << 9;
  /** Direction of string instructions. */
  public static final int DF = 1 << 10;
  /** Overflow. */
  public static final int OF = 1 << 11;
  /** I/O privilege level. */
  public static final int IOPL = 3 << 12;
  /** Nested task. */
  public static final int NT = 1 << 14;
  /** Resume: no instruction breakpoint for one instruction. */
  public static final int RF = 1 << 16;
  /** Virtual-8086 mode. */
  public static final int VM = 1 << 17;
  /** Alignment check; with SMAP, access to user pages. */
  public static final int AC = 1 << 18;
  /** Virtual interrupt flag. */
  public static final int VIF = 1 << 19;
  /** Virtual interrupt pending. */
  public static final int VIP = 1 << 20;
  /** Whether CPUID is there. */
  public static final int ID = 1 << 21;
  /** What arithmetic sets. */
  public static final int ARITHMETIC = CF | PF | AF | ZF | SF | OF;
  /** All that isn't arithmetic's and can be set. */
  public static final int SYSTEM = TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID;

  private FlagBits() {}
}
