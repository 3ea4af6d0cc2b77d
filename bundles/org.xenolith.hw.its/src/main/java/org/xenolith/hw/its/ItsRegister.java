// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of the control frame, and the one of the translation frame behind it (Arm IHI 0069H). */
enum ItsRegister implements Register {
  /** Enabled in bit 0; Quiescent in bit 31, computed. */
  GITS_CTLR(at(0x0000, "ITS register descriptions").rw(1).reset(0x8000_0000L)),
  /** Implementer Arm. */
  GITS_IIDR(at(0x0004, "ITS register descriptions").reset(0x43B)),
  /**
   * Physical LPIs, entries of 8 bytes in an ITT, 16 bits of EventID, DeviceID and collection number; all collections in memory;
   * redistributors by processor number (PTA is 0).
   */
  GITS_TYPER(at(0x0008, "ITS register descriptions").wide().reset(0x1F_0001_EF71L)),
  /** The command queue: Valid 63, cacheability 61:59 and 55:53, address 51:12, shareability 11:10, pages of 4 KiB less one 7:0. */
  GITS_CBASER(at(0x0080, "ITS register descriptions").wide().rw(0xB8EF_FFFF_FFFF_FCFFL)),
  /** Offset behind the last command, 19:5; Retry in bit 0 reads as zero. */
  GITS_CWRITER(at(0x0088, "ITS register descriptions").wide().rw(0xF_FFE0)),
  /** Offset of the next command to be executed, 19:5; Stalled in bit 0. */
  GITS_CREADR(at(0x0090, "ITS register descriptions").wide()),
  /**
   * The device table: Valid 63, Indirect 62, cacheability 61:59 and 55:53, Type 58:56, size of an entry less one 52:48, address 47:12,
   * shareability 11:10, size of pages 9:8 (64 KiB at reset, as QEMU's), pages less one 7:0.
   */
  GITS_BASER0(at(0x0100, "ITS register descriptions").wide().rw(0xF8E0_FFFF_FFFF_FFFFL).reset(0x0107_0000_0000_0200L)),
  /** The collection table, as {@link #GITS_BASER0} but flat. */
  GITS_BASER1(at(0x0108, "ITS register descriptions").wide().rw(0xB8E0_FFFF_FFFF_FFFFL).reset(0x0407_0000_0000_0200L)),
  /** No table. */
  GITS_BASER2(at(0x0110, "ITS register descriptions").wide()),
  /** No table. */
  GITS_BASER3(at(0x0118, "ITS register descriptions").wide()),
  /** No table. */
  GITS_BASER4(at(0x0120, "ITS register descriptions").wide()),
  /** No table. */
  GITS_BASER5(at(0x0128, "ITS register descriptions").wide()),
  /** No table. */
  GITS_BASER6(at(0x0130, "ITS register descriptions").wide()),
  /** No table. */
  GITS_BASER7(at(0x0138, "ITS register descriptions").wide()),
  /** Designer: JEP106 continuation code of Arm. */
  GITS_PIDR4(at(0xFFD0, "identification registers").reset(0x44)),
  /** Reserved. */
  GITS_PIDR5(at(0xFFD4, "identification registers")),
  /** Reserved. */
  GITS_PIDR6(at(0xFFD8, "identification registers")),
  /** Reserved. */
  GITS_PIDR7(at(0xFFDC, "identification registers")),
  /** Part number of Arm's ITS, low. */
  GITS_PIDR0(at(0xFFE0, "identification registers").reset(0x94)),
  /** Part number, high, and designer. */
  GITS_PIDR1(at(0xFFE4, "identification registers").reset(0xB4)),
  /** Architecture revision 3. */
  GITS_PIDR2(at(0xFFE8, "ITS register descriptions").reset(0x3B)),
  /** Revision. */
  GITS_PIDR3(at(0xFFEC, "identification registers")),
  /** Component class. */
  GITS_CIDR0(at(0xFFF0, "identification registers").reset(0x0D)),
  /** Component class. */
  GITS_CIDR1(at(0xFFF4, "identification registers").reset(0xF0)),
  /** Component class. */
  GITS_CIDR2(at(0xFFF8, "identification registers").reset(0x05)),
  /** Component class. */
  GITS_CIDR3(at(0xFFFC, "identification registers").reset(0xB1)),
  /** Where bus masters write an EventID; reads as zero and ignores a CPU's write, which has no DeviceID. */
  GITS_TRANSLATER(at(0x1_0040, "ITS register descriptions"));

  private final RegisterSpec spec;

  ItsRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
