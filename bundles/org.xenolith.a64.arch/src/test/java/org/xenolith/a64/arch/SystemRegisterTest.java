// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SystemRegisterTest {

  /** ICC_IAR1_EL1 is S3_0_C12_C12_0 (IHI 0069H), and MRS X0 from it is 0xD538CC00. */
  @Test
  void theNumberIsThatOfTheInstruction() {
    int id = SystemRegister.id(3, 0, 12, 12, 0);
    assertEquals(0xD538_CC00 >>> 5 & 0xFFFF, id);
    assertEquals("S3_0_C12_C12_0", SystemRegister.name(id));
  }
}
