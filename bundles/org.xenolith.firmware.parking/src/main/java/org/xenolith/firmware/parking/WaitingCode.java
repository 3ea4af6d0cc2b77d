// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.parking;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.firmware.kit.AcpiSetting;

/**
 * A mailbox as firmware leaves it: at the start what software writes, in the upper half, which is firmware's, the code that the CPU
 * executes while it waits, and what that code needs (Multi-processor Startup for Arm Platforms 1.2).
 */
final class WaitingCode {
  /** Of the code in the page; the CPU is entered there with the page's address in X0. */
  static final int ENTRY = 0x800;
  /** Value of the first word while the CPU is nobody's. */
  static final int NOBODY = -1;
  private static final int NUMBER = 0xFE0;
  private static final int INTERFACE = 0xFE8;

  /** From a listing of the assembler's; registers of a GICv2's CPU interface are in Arm IHI 0048B, table 4-2. */
  private static final int[] CODE = {
      0xF947F402, // ldr x2, [x0, #0xfe8]   the CPU interface
      0xB94FE003, // ldr w3, [x0, #0xfe0]   the own number
      0x52801FE4, // mov w4, #0xff
      0xB9000444, // str w4, [x2, #4]       GICC_PMR: interrupts of any priority
      0x52800024, // mov w4, #1
      0xB9000044, // str w4, [x2]           GICC_CTLR: on
      0xD5033F9F, // 1: dsb sy
      0xD503207F, // wfi
      0xB9400001, // ldr w1, [x0]           who is meant
      0x6B03003F, // cmp w1, w3
      0x54000061, // b.ne 2f
      0xF9400401, // ldr x1, [x0, #8]       where to go
      0xB5000081, // cbnz x1, 3f
      0xB9400C44, // 2: ldr w4, [x2, #0xc]  GICC_IAR: an interrupt that means nothing is over
      0xB9001044, // str w4, [x2, #0x10]    GICC_EOIR
      0x17FFFFF7, // b 1b
      0xF900041F, // 3: str xzr, [x0, #8]   it has been read
      0xD5033F9F, // dsb sy
      0xD5033FDF, // isb
      0xD61F0020, // br x1                  the interrupt is software's to acknowledge
  };

  private WaitingCode() {}

  /**
   * The page.
   *
   * @param number       of the CPU, as software writes it into the first word
   * @param cpuInterface physical address of the GIC's CPU interface
   */
  static byte[] page(int number, long cpuInterface) {
    ByteBuffer page = ByteBuffer.allocate(AcpiSetting.MAILBOX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    page.putInt(0, NOBODY).putInt(NUMBER, number).putLong(INTERFACE, cpuInterface);
    for (int i = 0; i < CODE.length; i++) {
      page.putInt(ENTRY + Integer.BYTES * i, CODE[i]);
    }
    return page.array();
  }
}
