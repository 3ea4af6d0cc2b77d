// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of a port, as far as Linux (drivers/pci/controller/pci-xgene.c) knows them; there is no public manual. */
enum XgeneRegister implements Register {
  /** Link up in bit 8, rate (generation - 1) in 15:14; computed. */
  CTLANDSTATUS(at(0x050, "pci-xgene.c")),
  /** Inbound region 1: where it leads to, low half. */
  PIM1_1L(at(0x080, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half; bits 31:28 ask for coherency. */
  PIM1_1H(at(0x084, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Not in the source but cleared by it; kept, without effect. */
  PIM1_2L(at(0x088, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Not in the source but cleared by it; kept, without effect. */
  PIM1_2H(at(0x08C, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** The size again; kept, without effect. */
  PIM1_SIZEL(at(0x090, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** The size again; kept, without effect. */
  PIM1_SIZEH(at(0x094, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Inbound region 2: bus address. */
  IBAR2(at(0x098, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Inbound region 2: mask, enabled by bit 0. */
  IR2MSK(at(0x09C, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Inbound region 2: where it leads to, low half. */
  PIM2_1L(at(0x0A0, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half; bits 31:28 ask for coherency. */
  PIM2_1H(at(0x0A4, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Not in the source but cleared by it; kept, without effect. */
  PIM2_2L(at(0x0A8, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Not in the source but cleared by it; kept, without effect. */
  PIM2_2H(at(0x0AC, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** The size again; kept, without effect. */
  PIM2_SIZEL(at(0x0B0, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Inbound region 3: bus address, low half. */
  IBAR3L(at(0x0B4, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  IBAR3H(at(0x0B8, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Inbound region 3: mask, low half, enabled by bit 0. */
  IR3MSKL(at(0x0BC, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  IR3MSKH(at(0x0C0, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Inbound region 3: where it leads to, low half. */
  PIM3_1L(at(0x0C4, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half; bits 31:28 ask for coherency. */
  PIM3_1H(at(0x0C8, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Not in the source but cleared by it; kept, without effect. */
  PIM3_2L(at(0x0CC, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Not in the source but cleared by it; kept, without effect. */
  PIM3_2H(at(0x0D0, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** The size again; kept, without effect. */
  PIM3_SIZEL(at(0x0D4, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** The size again; kept, without effect. */
  PIM3_SIZEH(at(0x0D8, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Not in the source but cleared by it. */
  UNKNOWN_0DC(at(0x0DC, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_0E0(at(0x0E0, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_0E4(at(0x0E4, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_0E8(at(0x0E8, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_0EC(at(0x0EC, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_0F0(at(0x0F0, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_0F4(at(0x0F4, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_0F8(at(0x0F8, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_0FC(at(0x0FC, "pci-xgene.c")),
  /** Outbound window 1 (Linux: memory): CPU address, low half. */
  OMR1BARL(at(0x100, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR1BARH(at(0x104, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Mask, low half; bit 0 enables, bit 1 makes it I/O. */
  OMR1MSKL(at(0x108, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR1MSKH(at(0x10C, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Bus address, low half. */
  OMR1PIML(at(0x110, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR1PIMH(at(0x114, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Outbound window 2 (Linux: prefetchable memory): CPU address, low half. */
  OMR2BARL(at(0x118, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR2BARH(at(0x11C, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Mask, low half; bit 0 enables, bit 1 makes it I/O. */
  OMR2MSKL(at(0x120, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR2MSKH(at(0x124, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Bus address, low half. */
  OMR2PIML(at(0x128, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR2PIMH(at(0x12C, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Outbound window 3 (Linux: I/O): CPU address, low half. */
  OMR3BARL(at(0x130, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR3BARH(at(0x134, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Mask, low half; bit 0 enables, bit 1 makes it I/O. */
  OMR3MSKL(at(0x138, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR3MSKH(at(0x13C, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Bus address, low half. */
  OMR3PIML(at(0x140, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  OMR3PIMH(at(0x144, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Not in the source but cleared by it. */
  UNKNOWN_148(at(0x148, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_14C(at(0x14C, "pci-xgene.c")),
  /** Not in the source but cleared by it. */
  UNKNOWN_150(at(0x150, "pci-xgene.c")),
  /** CPU address of the configuration window, low half. */
  CFGBARL(at(0x154, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** High half. */
  CFGBARH(at(0x158, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Bit 0 opens the configuration window. */
  CFGCTL(at(0x15C, "pci-xgene.c").rw(1)),
  /** Target of type 1 cycles: bus 15:8, device 7:3, function 2:0. */
  RTDID(at(0x160, "pci-xgene.c").rw(0xFFFF)),
  /** Vendor (15:0) and device id of the root port; what they are after a reset isn't in the source. */
  BRIDGE_CFG_0(at(0x2000, "pci-xgene.c").rw(0xFFFF_FFFFL).reset(0xE004_10E8L)),
  /** 31:16 are bits 15:0 of the mask of inbound region 1, which is BAR0 and BAR1 of the root port. */
  BRIDGE_CFG_4(at(0x2010, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Bits 47:16 of that mask. */
  BRIDGE_CFG_5(at(0x2014, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** 15:0 are bits 63:48 of that mask. */
  BRIDGE_CFG_6(at(0x2018, "pci-xgene.c").rw(0xFFFF_FFFFL)),
  /** Lanes of the link in 31:26; computed. */
  BRIDGE_STATUS_0(at(0x2600, "pci-xgene.c"));

  private final RegisterSpec spec;

  XgeneRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
