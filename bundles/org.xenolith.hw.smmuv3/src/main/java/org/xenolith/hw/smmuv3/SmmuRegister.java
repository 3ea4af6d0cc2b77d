// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of the Non-secure programming interface, pages 0 and 1 (Arm IHI 0070, 6.3). */
enum SmmuRegister implements Register {
  /**
   * Stages 2 (0) and 1 (1), AArch64 tables (3:2), coherent (4), EL2 streams (9), 16-bit ASIDs (12), MSIs (13), 16-bit VMIDs (18),
   * little-endian (22:21), no stalls (25:24), refused accesses always abort (26), two-level stream tables (28:27).
   */
  IDR0(at(0x00, "6.3.1").reset(1 | 1 << 1 | 2 << 2 | 1 << 4 | 1 << 9 | 1 << 12 | 1 << 13 | 1 << 18 | 2 << 21 | 1 << 24 | 1 << 26
      | 1 << 27)),
  /**
   * 16-bit StreamIDs, no substreams, STE.PRIVCFG counts (26), queues of at most 2¹⁰ entries: a register write can't cost more than
   * the commands of a queue.
   */
  IDR1(at(0x04, "6.3.2").reset(1 << 26 | Queue.MOST_LOG2 << 21 | Queue.MOST_LOG2 << 16 | SmmuStreamTable.ID_BITS)),
  /** Nothing of virtual ATOS. */
  IDR2(at(0x08, "6.3.3")),
  /** Range invalidation (10); no HAD, no small tables. */
  IDR3(at(0x0C, "6.3.4").reset(1 << 10)),
  /** Implementation defined: nothing. */
  IDR4(at(0x10, "6.3.5")),
  /** Granules of 64, 16 and 4 KiB (6:4), 48 bits of output address. */
  IDR5(at(0x14, "6.3.6").reset(7 << 4 | 5)),
  /** Implementer Arm, no product: drivers look for errata of known ones. */
  IIDR(at(0x18, "6.3.7").reset(0x43B)),
  /** SMMUv3.0. */
  AIDR(at(0x1C, "6.3.8")),
  /** SMMUEN 0, EVENTQEN 2, CMDQEN 3. */
  CR0(at(0x20, "6.3.9").rw(0xD)),
  /** What of CR0 is in force: all, at once. */
  CR0ACK(at(0x24, "6.3.10")),
  /** Cacheability of tables and queues: stored only. */
  CR1(at(0x28, "6.3.11").rw(0xFFF)),
  /** E2H 0, RECINVSID 1, PTM 2. */
  CR2(at(0x2C, "6.3.12").rw(7)),
  /** Not dormant. */
  STATUSR(at(0x40, "6.3.13")),
  /** What happens while SMMUEN is 0: ABORT 20; a write counts with UPDATE (31) only, which reads 0. */
  GBPA(at(0x44, "6.3.14").rw(0x1F_3F1F).reset(0x1000)),
  /** Implementation defined: nothing. */
  AGBPA(at(0x48, "6.3.15")),
  /** GERROR 0, event queue 2. */
  IRQ_CTRL(at(0x50, "6.3.16").rw(5)),
  /** What of IRQ_CTRL is in force: all, at once. */
  IRQ_CTRLACK(at(0x54, "6.3.17")),
  /** Active where it differs from GERRORN. */
  GERROR(at(0x60, "6.3.18")),
  /** Acknowledges. */
  GERRORN(at(0x64, "6.3.19").rw(GlobalErrors.BUILT)),
  /** Address of the message; 0 for none. */
  GERROR_IRQ_CFG0(at(0x68, "6.3.20").wide().rw(0x000F_FFFF_FFFF_FFFCL)),
  /** Data of the message. */
  GERROR_IRQ_CFG1(at(0x70, "6.3.21").rw(0xFFFF_FFFFL)),
  /** Memory attributes of the message: stored only. */
  GERROR_IRQ_CFG2(at(0x74, "6.3.22").rw(0x3F)),
  /** Address of the stream table (51:6), a hint (62). */
  STRTAB_BASE(at(0x80, "6.3.24").wide().rw(0x400F_FFFF_FFFF_FFC0L)),
  /** FMT 17:16, SPLIT 10:6, LOG2SIZE 5:0. */
  STRTAB_BASE_CFG(at(0x88, "6.3.25").rw(0x3_07FF)),
  /** Address (51:5), LOG2SIZE (4:0), a hint (62). */
  CMDQ_BASE(at(0x90, "6.3.26").wide().rw(0x400F_FFFF_FFFF_FFFFL)),
  /** Where software writes next. */
  CMDQ_PROD(at(0x98, "6.3.27").rw(Queue.POINTER)),
  /** Where the SMMU reads next; 30:24 say what was wrong with the command there. */
  CMDQ_CONS(at(0x9C, "6.3.28").rw(Queue.POINTER | SmmuCommandQueue.ERROR)),
  /** Address (51:5), LOG2SIZE (4:0), a hint (62). */
  EVENTQ_BASE(at(0xA0, "6.3.29").wide().rw(0x400F_FFFF_FFFF_FFFFL)),
  /** Address of the message; 0 for none. */
  EVENTQ_IRQ_CFG0(at(0xB0, "6.3.32").wide().rw(0x000F_FFFF_FFFF_FFFCL)),
  /** Data of the message. */
  EVENTQ_IRQ_CFG1(at(0xB8, "6.3.33").rw(0xFFFF_FFFFL)),
  /** Memory attributes of the message: stored only. */
  EVENTQ_IRQ_CFG2(at(0xBC, "6.3.34").rw(0x3F)),
  /** Where the SMMU writes next; 31 toggles when events are lost. */
  EVENTQ_PROD(at(0x1_00A8, "6.3.30").rw(Queue.POINTER | SmmuEventQueue.OVERFLOW)),
  /** Where software reads next; 31 acknowledges the overflow. */
  EVENTQ_CONS(at(0x1_00AC, "6.3.31").rw(Queue.POINTER | SmmuEventQueue.OVERFLOW));

  private final RegisterSpec spec;

  SmmuRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
