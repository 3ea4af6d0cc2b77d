package org.xenolith.hw.its;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of the control frame, and the one of the translation frame behind it (Arm IHI 0069H, 12.19). */
enum ItsRegister implements Register {
  /** Enabled in bit 0; Quiescent in bit 31, computed. */
  GITS_CTLR(at(0x0000, "12.19.6").rw(1).reset(0x8000_0000L)),
  /** Implementer Arm. */
  GITS_IIDR(at(0x0004, "12.19.8").reset(0x43B)),
  /**
   * Physical LPIs, entries of 8 bytes in an ITT, 16 bits of EventID, DeviceID and collection number; all collections in memory;
   * redistributors by processor number (PTA is 0).
   */
  GITS_TYPER(at(0x0008, "12.19.15").wide().reset(0x1F_0001_EF71L)),
  /** The command queue: Valid 63, cacheability 61:59 and 55:53, address 51:12, shareability 11:10, pages of 4 KiB less one 7:0. */
  GITS_CBASER(at(0x0080, "12.19.2").wide().rw(0xB8EF_FFFF_FFFF_FCFFL)),
  /** Offset behind the last command, 19:5; Retry in bit 0 reads as zero. */
  GITS_CWRITER(at(0x0088, "12.19.5").wide().rw(0xF_FFE0)),
  /** Offset of the next command to be executed, 19:5; Stalled in bit 0. */
  GITS_CREADR(at(0x0090, "12.19.3").wide()),
  /**
   * The device table: Valid 63, Indirect 62, cacheability 61:59 and 55:53, Type 58:56, size of an entry less one 52:48, address 47:12,
   * shareability 11:10, size of pages 9:8, pages less one 7:0.
   */
  GITS_BASER0(at(0x0100, "12.19.1").wide().rw(0xF8E0_FFFF_FFFF_FFFFL).reset(0x0107_0000_0000_0000L)),
  /** The collection table, as {@link #GITS_BASER0} but flat. */
  GITS_BASER1(at(0x0108, "12.19.1").wide().rw(0xB8E0_FFFF_FFFF_FFFFL).reset(0x0407_0000_0000_0000L)),
  /** No table. */
  GITS_BASER2(at(0x0110, "12.19.1").wide()),
  /** No table. */
  GITS_BASER3(at(0x0118, "12.19.1").wide()),
  /** No table. */
  GITS_BASER4(at(0x0120, "12.19.1").wide()),
  /** No table. */
  GITS_BASER5(at(0x0128, "12.19.1").wide()),
  /** No table. */
  GITS_BASER6(at(0x0130, "12.19.1").wide()),
  /** No table. */
  GITS_BASER7(at(0x0138, "12.19.1").wide()),
  /** Designer: JEP106 continuation code of Arm. */
  GITS_PIDR4(at(0xFFD0, "12.1.3").reset(0x44)),
  /** Reserved. */
  GITS_PIDR5(at(0xFFD4, "12.1.3")),
  /** Reserved. */
  GITS_PIDR6(at(0xFFD8, "12.1.3")),
  /** Reserved. */
  GITS_PIDR7(at(0xFFDC, "12.1.3")),
  /** Part number of Arm's ITS, low. */
  GITS_PIDR0(at(0xFFE0, "12.1.3").reset(0x94)),
  /** Part number, high, and designer. */
  GITS_PIDR1(at(0xFFE4, "12.1.3").reset(0xB4)),
  /** Architecture revision 3. */
  GITS_PIDR2(at(0xFFE8, "12.19.11").reset(0x3B)),
  /** Revision. */
  GITS_PIDR3(at(0xFFEC, "12.1.3")),
  /** Component class. */
  GITS_CIDR0(at(0xFFF0, "12.1.3").reset(0x0D)),
  /** Component class. */
  GITS_CIDR1(at(0xFFF4, "12.1.3").reset(0xF0)),
  /** Component class. */
  GITS_CIDR2(at(0xFFF8, "12.1.3").reset(0x05)),
  /** Component class. */
  GITS_CIDR3(at(0xFFFC, "12.1.3").reset(0xB1)),
  /** Where bus masters write an EventID; reads as zero and ignores a CPU's write, which has no DeviceID. */
  GITS_TRANSLATER(at(0x1_0040, "12.19.14"));

  private final RegisterSpec spec;

  ItsRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override public RegisterSpec spec() {
    return spec;
  }
}
