// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImmediatesTest {
  @Test
  void thereAre5334LogicalImmediatesOf64Bits() {
    Set<Long> masks = new HashSet<>();
    for (int n = 0; n < 2; n++)
      for (int immr = 0; immr < 64; immr++)
        for (int imms = 0; imms < 64; imms++)
          if (LogicalImmediate.isValid(n, imms, true))
            masks.add(LogicalImmediate.decode(n, immr, imms, true));
    assertEquals(5334, masks.size());
    for (long mask : masks) {
      int code = LogicalImmediate.encode(mask, true);
      assertEquals(mask, LogicalImmediate.decode(code >> 12, code >> 6 & 63, code & 63, true));
    }
  }

  @Test
  void logicalImmediatesOf32BitsHaveNoUpperHalf() {
    assertFalse(LogicalImmediate.isValid(1, 0, false));
    assertEquals(0x5555_5555L, LogicalImmediate.decode(0, 0, 0b111100, false));
    assertEquals(-1, LogicalImmediate.encode(0, true));
    assertEquals(-1, LogicalImmediate.encode(-1, true));
    assertEquals(-1, LogicalImmediate.encode(5, true));
    assertThrows(IllegalArgumentException.class, () -> LogicalImmediate.decode(1, 0, 63, true));
  }

  @Test
  void modifiedImmediatesAreExpanded() {
    assertEquals(0x0000_AB00_0000_AB00L, SimdImmediate.expand(Assembler.assemble("movi v0.4s, #0xab, lsl #8")));
    assertEquals(0xAB00_AB00_AB00_AB00L, SimdImmediate.expand(Assembler.assemble("mvni v0.8h, #0xab, lsl #8")));
    assertEquals(0x00AB_FFFF_00AB_FFFFL, SimdImmediate.expand(Assembler.assemble("movi v0.2s, #0xab, msl #16")));
    assertEquals(0xABAB_ABAB_ABAB_ABABL, SimdImmediate.expand(Assembler.assemble("movi v0.16b, #0xab")));
    assertEquals(0xFF00_00FF_0000_FF00L, SimdImmediate.expand(Assembler.assemble("movi v0.2d, #0xff0000ff0000ff00")));
    assertEquals(Double.doubleToRawLongBits(-1.5), SimdImmediate.expand(Assembler.assemble("fmov v0.2d, #-1.5")));
    long single = Float.floatToRawIntBits(0.25f);
    assertEquals(single | single << 32, SimdImmediate.expand(Assembler.assemble("fmov v0.4s, #0.25")));
  }

  @Test
  void floatingPointImmediatesOfBothSizesAreEqual() {
    for (int imm8 = 0; imm8 < 256; imm8++) {
      double value = Double.longBitsToDouble(SimdImmediate.doubleBits(imm8));
      assertEquals((float) value, Float.intBitsToFloat(SimdImmediate.floatBits(imm8)));
      assertEquals(imm8, SimdImmediate.encode(value));
    }
    assertEquals(-1, SimdImmediate.encode(0.0));
  }

  @Test
  void fieldsAreTakenFromTheirPlaces() {
    assertEquals(-256, Fields.simm9(Assembler.assemble("ldur x0, [x1, #-256]")));
    assertEquals(-64, Fields.simm7(Assembler.assemble("ldp x0, x2, [x1, #-512]")));
    assertEquals(0x5000, Fields.addImmediate(Assembler.assemble("add x0, x1, #0x5000")));
    assertEquals(48, Fields.moveWideShift(Assembler.assemble("movz x0, #1, lsl #48")));
    assertEquals(-0x800_0000L, Fields.rel26(Assembler.assemble(0x800_0000L, "b 0")));
    assertEquals(0x000F_FFFCL, Fields.rel19(Assembler.assemble("cbz x0, 0xffffc")));
    assertEquals(-0x8000L, Fields.rel14(Assembler.assemble(0x8000, "tbz w0, #3, 0")));
    assertEquals(41, Fields.testBit(Assembler.assemble("tbz x0, #41, 0")));
    assertEquals(-3, Fields.adrImmediate(Assembler.assemble(8, "adr x0, 5")));
    assertEquals(SystemRegisterName.encoding("sp_el0"), Fields.systemRegister(Assembler.assemble("mrs x0, sp_el0")));
    assertEquals(0xFF0L, Fields.logicalImmediate(Assembler.assemble("and x0, x1, #0xff0")));
    assertTrue(Fields.sf(Assembler.assemble("add x0, x1, x2")));
  }
}
