// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers in memory (48882, 3.4). */
enum AmdViRegister implements Register {
  /** Address of the device table (51:12), pages of it less one (8:0). */
  DEVICE_TABLE(at(0x00, "3.4.1").wide().rw(0x000F_FFFF_FFFF_F1FFL)),
  /** Address of the command buffer (51:12), log2 of its entries (59:56). */
  COMMAND_BASE(at(0x08, "3.4.2").wide().rw(0x0F0F_FFFF_FFFF_F000L)),
  /** Address of the event log (51:12), log2 of its entries (59:56). */
  EVENT_BASE(at(0x10, "3.4.3").wide().rw(0x0F0F_FFFF_FFFF_F000L)),
  /**
   * IommuEn 0, EventLogEn 2, EventIntEn 3, ComWaitIntEn 4, CmdBufEn 12; stored only: HtTunEn 1, InvTimeOut 7:5, PassPW 8, ResPassPW 9,
   * Coherent 10, Isoc 11. All others are of features that aren't there.
   */
  CONTROL(at(0x18, "3.4.4").wide().rw(0x1FFF)),
  /** ExEn 0, Allow 1, first page of the exclusion range (51:12). */
  EXCLUSION_BASE(at(0x20, "3.4.5").wide().rw(0x000F_FFFF_FFFF_F003L)),
  /** Last page of the exclusion range (51:12). */
  EXCLUSION_LIMIT(at(0x28, "3.4.6").wide().rw(0x000F_FFFF_FFFF_F000L)),
  /** PreFSup 0, IASup 6, HATS 11:10: six levels. */
  FEATURES(at(0x30, "3.4.7").wide().reset(1 | 1 << 6 | 2 << 10)),
  /** None of the features of the second register. */
  FEATURES_2(at(0x1A0, "3.4").wide()),
  /** Where the IOMMU reads next (18:4). */
  COMMAND_HEAD(at(0x2000, "3.4.10").wide().rw(AmdViRing.POINTER)),
  /** Where software writes next (18:4). */
  COMMAND_TAIL(at(0x2008, "3.4.10").wide().rw(AmdViRing.POINTER)),
  /** Where software reads next (18:4). */
  EVENT_HEAD(at(0x2010, "3.4.10").wide().rw(AmdViRing.POINTER)),
  /** Where the IOMMU writes next (18:4). */
  EVENT_TAIL(at(0x2018, "3.4.10").wide().rw(AmdViRing.POINTER)),
  /** EventOverflow 0, EventLogInt 1, ComWaitInt 2, which writing 1 clears; EventLogRun 3, CmdBufRun 4. */
  STATUS(at(0x2020, "3.4.11").wide().w1c(7));

  private final RegisterSpec spec;

  AmdViRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
