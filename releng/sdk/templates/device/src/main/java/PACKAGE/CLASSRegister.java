// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers, each with the manual's clause: reset, masks, snapshots and the hand-over to another version come from here. */
enum @CLASS@Register implements Register {
  ID(at(0x00, "README, ID").reset(0x4E45_5701)),
//@if interrupt
  CONTROL(at(0x04, "README, CONTROL").rw(0x1)),
//@end
//@if dma disk
  STATUS(at(0x08, "README, STATUS").w1c(0x3)),
//@else
  STATUS(at(0x08, "README, STATUS").w1c(0x1)),
//@end
  COMMAND(at(0x0C, "README, COMMAND")),
//@if !disk
  TOTAL(at(0x10, "README, TOTAL")),
//@if !dma
  VALUE(at(0x14, "README, VALUE").rw(0xFFFF_FFFFL)),
//@end
//@end
//@if dma
  ADDRESS_LOW(at(0x18, "README, ADDRESS_LOW").rw(0xFFFF_FFFCL)),
  ADDRESS_HIGH(at(0x1C, "README, ADDRESS_HIGH").rw(0xFFFF_FFFFL)),
//@if !disk
  LENGTH(at(0x20, "README, LENGTH").rw(0xFFC)),
//@end
//@end
//@if disk
  SECTOR(at(0x28, "README, SECTOR").rw(0xFFFF_FFFFL)),
  SECTORS(at(0x2C, "README, SECTORS")),
//@if !dma
  POSITION(at(0x30, "README, POSITION").rw(0x1FC)),
  DATA(at(0x34, "README, DATA")),
//@end
//@end
  ;

  private final RegisterSpec spec;

  @CLASS@Register(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override public RegisterSpec spec() {
    return spec;
  }
}
