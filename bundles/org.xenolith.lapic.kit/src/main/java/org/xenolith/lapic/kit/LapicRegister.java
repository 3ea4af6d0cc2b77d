// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/**
 * Registers of a local APIC (SDM volume 3, table 12-1), and what of each there is in x2APIC mode (table 12-6). The writable bits of a row are those in xAPIC
 * mode, where others are ignored; in x2APIC mode writing others is refused.
 */
public enum LapicRegister implements Register {
  /** Local APIC id: 31:24, all bits in x2APIC mode. */
  ID(at(0x020, "12.4.6"), true, LapicRegister.NONE),
  /** Version 0x14, six LVT entries, EOI broadcasts can be suppressed. */
  VERSION(at(0x030, "12.4.8").reset(0x0105_0014), true, LapicRegister.NONE),
  /** Task priority. */
  TPR(at(0x080, "12.8.3.1").rw(0xFF), true, 0xFF),
  /** Arbitration priority; computed. */
  APR(at(0x090, "12.6.2.4"), false, LapicRegister.NONE),
  /** Processor priority; computed. */
  PPR(at(0x0A0, "12.8.3.1"), true, LapicRegister.NONE),
  /** A write ends the interrupt in service of the highest priority. */
  EOI(at(0x0B0, "12.8.5"), false, 0),
  /** Remote read, which no processor since the P6 family does. */
  RRD(at(0x0C0, "table 12-1"), false, LapicRegister.NONE),
  /** Logical destination: 31:24; in x2APIC mode derived from the id. */
  LDR(at(0x0D0, "12.6.2.2").rw(0xFF00_0000L), true, LapicRegister.NONE),
  /** Destination format: flat or cluster model in 31:28. */
  DFR(at(0x0E0, "12.6.2.2").rw(0xF000_0000L).reset(0xFFFF_FFFFL), false, LapicRegister.NONE),
  /** Spurious-interrupt vector 7:0, software enable 8, suppression of EOI broadcasts 12. */
  SVR(at(0x0F0, "12.9").rw(0x11FF).reset(0xFF), true, 0x11FF),
  /** In service, vectors 0 to 31, and so on up. */
  ISR0(at(0x100, "12.8.4"), true, LapicRegister.NONE),
  /** In service, 32 to 63. */
  ISR1(at(0x110, "12.8.4"), true, LapicRegister.NONE),
  /** In service, 64 to 95. */
  ISR2(at(0x120, "12.8.4"), true, LapicRegister.NONE),
  /** In service, 96 to 127. */
  ISR3(at(0x130, "12.8.4"), true, LapicRegister.NONE),
  /** In service, 128 to 159. */
  ISR4(at(0x140, "12.8.4"), true, LapicRegister.NONE),
  /** In service, 160 to 191. */
  ISR5(at(0x150, "12.8.4"), true, LapicRegister.NONE),
  /** In service, 192 to 223. */
  ISR6(at(0x160, "12.8.4"), true, LapicRegister.NONE),
  /** In service, 224 to 255. */
  ISR7(at(0x170, "12.8.4"), true, LapicRegister.NONE),
  /** Level-triggered, vectors 0 to 31, and so on up. */
  TMR0(at(0x180, "12.8.4"), true, LapicRegister.NONE),
  /** Level-triggered, 32 to 63. */
  TMR1(at(0x190, "12.8.4"), true, LapicRegister.NONE),
  /** Level-triggered, 64 to 95. */
  TMR2(at(0x1A0, "12.8.4"), true, LapicRegister.NONE),
  /** Level-triggered, 96 to 127. */
  TMR3(at(0x1B0, "12.8.4"), true, LapicRegister.NONE),
  /** Level-triggered, 128 to 159. */
  TMR4(at(0x1C0, "12.8.4"), true, LapicRegister.NONE),
  /** Level-triggered, 160 to 191. */
  TMR5(at(0x1D0, "12.8.4"), true, LapicRegister.NONE),
  /** Level-triggered, 192 to 223. */
  TMR6(at(0x1E0, "12.8.4"), true, LapicRegister.NONE),
  /** Level-triggered, 224 to 255. */
  TMR7(at(0x1F0, "12.8.4"), true, LapicRegister.NONE),
  /** Requested, vectors 0 to 31, and so on up. */
  IRR0(at(0x200, "12.8.4"), true, LapicRegister.NONE),
  /** Requested, 32 to 63. */
  IRR1(at(0x210, "12.8.4"), true, LapicRegister.NONE),
  /** Requested, 64 to 95. */
  IRR2(at(0x220, "12.8.4"), true, LapicRegister.NONE),
  /** Requested, 96 to 127. */
  IRR3(at(0x230, "12.8.4"), true, LapicRegister.NONE),
  /** Requested, 128 to 159. */
  IRR4(at(0x240, "12.8.4"), true, LapicRegister.NONE),
  /** Requested, 160 to 191. */
  IRR5(at(0x250, "12.8.4"), true, LapicRegister.NONE),
  /** Requested, 192 to 223. */
  IRR6(at(0x260, "12.8.4"), true, LapicRegister.NONE),
  /** Requested, 224 to 255. */
  IRR7(at(0x270, "12.8.4"), true, LapicRegister.NONE),
  /** Errors up to the last write. */
  ESR(at(0x280, "12.5.3"), true, 0),
  /** Interrupt command, lower half: a write sends. In x2APIC mode it has the upper half in 63:32. */
  ICR_LOW(at(0x300, "12.6.1").rw(0xC_CFFF), true, 0xFFFF_FFFF_000C_CFFFL),
  /** Interrupt command, upper half: destination in 31:24. */
  ICR_HIGH(at(0x310, "12.6.1").rw(0xFF00_0000L), false, LapicRegister.NONE),
  /** Timer: vector 7:0, mask 16, mode 18:17. */
  LVT_TIMER(at(0x320, "12.5.1").rw(0x7_00FF).reset(LapicRegister.MASKED), true, 0x7_10FF),
  /** Thermal sensor: vector, delivery mode 10:8, mask. */
  LVT_THERMAL(at(0x330, "12.5.1").rw(0x1_07FF).reset(LapicRegister.MASKED), true, 0x1_17FF),
  /** Performance monitoring counters. */
  LVT_PERFORMANCE(at(0x340, "12.5.1").rw(0x1_07FF).reset(LapicRegister.MASKED), true, 0x1_17FF),
  /** Pin LINT0: also polarity 13 and trigger mode 15. */
  LVT_LINT0(at(0x350, "12.5.1").rw(0x1_A7FF).reset(LapicRegister.MASKED), true, 0x1_F7FF),
  /** Pin LINT1. */
  LVT_LINT1(at(0x360, "12.5.1").rw(0x1_A7FF).reset(LapicRegister.MASKED), true, 0x1_F7FF),
  /** Errors: vector and mask. */
  LVT_ERROR(at(0x370, "12.5.1").rw(0x1_00FF).reset(LapicRegister.MASKED), true, 0x1_10FF),
  /** Timer: what it counts down from; a write starts it. */
  INITIAL_COUNT(at(0x380, "12.5.4").rw(0xFFFF_FFFFL), true, 0xFFFF_FFFFL),
  /** Timer: where it is; computed. */
  CURRENT_COUNT(at(0x390, "12.5.4"), true, LapicRegister.NONE),
  /** Timer: divider in 3, 1 and 0. */
  DIVIDE(at(0x3E0, "12.5.4").rw(0xB), true, 0xB);

  /** In place of writable bits: the register can't be written in x2APIC mode. */
  static final long NONE = 1L << 63 | 1;
  /** Mask bit of an LVT entry. */
  static final long MASKED = 1 << 16;
  /** The model-specific register of offset 0; 16 bytes of offset are one number. */
  static final int FIRST_MSR = 0x800;

  private final RegisterSpec spec;
  /** Whether RDMSR reads it in x2APIC mode. */
  final boolean x2Readable;
  /** Bits that WRMSR may set in x2APIC mode; {@link #NONE} if it must not be written. */
  final long x2Writable;

  LapicRegister(RegisterSpec spec, boolean x2Readable, long x2Writable) {
    this.spec = spec;
    this.x2Readable = x2Readable;
    this.x2Writable = x2Writable;
  }

  private static RegisterSpec at(int offset, String section) {
    return RegisterSpec.at(offset, "SDM volume 3, " + section);
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }

  /** Whether it is an entry of the local vector table. */
  boolean local() {
    return ordinal() >= LVT_TIMER.ordinal() && ordinal() <= LVT_ERROR.ordinal();
  }
}
