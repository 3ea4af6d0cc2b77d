// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DecoderTest {
  private final Decoder decoder = new Decoder(EnumSet.allOf(Feature.class));
  private final Instruction i = new Instruction();

  private int decode(String hex, DecodeMode mode) {
    byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
    return decoder.decode(code, 0, code.length, mode, i);
  }

  private int decode(String hex) {
    return decode(hex, DecodeMode.LONG_64);
  }

  @Test
  void lockNeedsMemoryAndALockableForm() {
    assertEquals(3, decode("f0 01 08"));
    assertTrue(i.lock());
    assertEquals(Decoder.UNDEFINED, decode("f0 01 c8"));
    assertEquals(Decoder.UNDEFINED, decode("f0 89 08"));
    assertEquals(Decoder.UNDEFINED, decode("f0 39 08"));
  }

  @Test
  void fifteenBytesAreAllowedAndSixteenAreNot() {
    assertEquals(15, decode("66".repeat(14) + "90"));
    assertEquals(Decoder.TOO_LONG, decode("66".repeat(15) + "90"));
    assertEquals(Decoder.TRUNCATED, decode("66".repeat(14)));
  }

  @Test
  void rexCountsOnlyDirectlyBeforeTheOpcode() {
    decode("48 66 01 c8");
    assertEquals(16, i.operandSize());
    decode("66 48 01 c8");
    assertEquals(64, i.operandSize());
  }

  @Test
  void ripRelativeHasNoBase() {
    assertEquals(7, decode("48 8b 05 f8 ff ff ff"));
    assertTrue(i.ripRelative());
    assertEquals(-1, i.base());
    assertEquals(-8, i.displacement());
    assertEquals(6, decode("8b 05 f8 ff ff ff", DecodeMode.PROTECTED_32));
    assertFalse(i.ripRelative());
  }

  @Test
  void withoutTheFeatureTzcntIsBsf() {
    byte[] code = {(byte) 0xF3, 0x0F, (byte) 0xBC, (byte) 0xC1};
    assertEquals(4, new Decoder(EnumSet.noneOf(Feature.class)).decode(code, 0, 4, DecodeMode.LONG_64, i));
    assertEquals(Insn.BSF_GV_EV, i.insn());
    assertEquals(4, decoder.decode(code, 0, 4, DecodeMode.LONG_64, i));
    assertEquals(Insn.TZCNT_GV_EV, i.insn());
  }

  @Test
  void vexAndEvexAreUndefinedIn64BitMode() {
    assertEquals(Decoder.UNDEFINED, decode("c5 f8 77"));
    assertEquals(Decoder.UNDEFINED, decode("c4 e2 f9 f7 f1"));
    assertEquals(Decoder.UNDEFINED, decode("62 f1 65 08 72 c3 10"));
    assertEquals(2, decode("c5 00", DecodeMode.PROTECTED_32));
    assertEquals(Insn.LDS_GZ_MP, i.insn());
  }

  @Test
  void nopIsAnExchangeWithRexB() {
    assertEquals(1, decode("90"));
    assertEquals(Insn.NOP, i.insn());
    assertEquals(2, decode("41 90"));
    assertEquals(Insn.XCHG_ZV_RAX, i.insn());
    assertEquals(8, i.opcodeRegister());
    assertEquals(2, decode("f3 90"));
    assertEquals(Insn.PAUSE, i.insn());
  }

  @Test
  void farJumpOfStartCodeHasSelectorAndOffset() {
    assertEquals(8, decode("66 ea 78 56 34 12 10 00", DecodeMode.REAL));
    assertEquals(0x12345678, i.imm());
    assertEquals(0x10, i.imm2());
    assertEquals(Decoder.UNDEFINED, decode("ea 78 56 34 12 10 00"));
  }

  @Test
  void sixteenBitAddressesHaveTheirOwnRegisters() {
    assertEquals(3, decode("8b 42 fe", DecodeMode.REAL));
    assertEquals(5, i.base());
    assertEquals(6, i.index());
    assertEquals(-2, i.displacement());
  }

  @Test
  void realModeHasNoLocalDescriptorTable() {
    assertEquals(Decoder.UNDEFINED, decode("0f 00 d0", DecodeMode.REAL));
    assertEquals(3, decode("0f 00 d0", DecodeMode.PROTECTED_16));
  }

  @Test
  void controlAndSegmentRegistersMustExist() {
    assertEquals(3, decode("0f 20 d8"));
    assertEquals(Decoder.UNDEFINED, decode("0f 20 c8"));
    assertEquals(4, decode("44 0f 20 c0"));
    assertEquals(Decoder.UNDEFINED, decode("8e c8"));
    assertEquals(2, decode("8c c8"));
    assertEquals(Decoder.UNDEFINED, decode("8c f0"));
  }

  @Test
  void shiftsLeaveFlagsUndefinedByCount() {
    decode("d3 e0");
    assertEquals(0, i.insn().undefinedFlags(i, 32));
    assertEquals(Insn.AF, i.insn().undefinedFlags(i, 1));
    assertEquals(Insn.AF | Insn.OF, i.insn().undefinedFlags(i, 2));
    decode("d2 e0");
    assertEquals(Insn.AF | Insn.OF | Insn.CF, i.insn().undefinedFlags(i, 8));
    decode("66 0f a5 c8");
    assertTrue(i.insn().undefinedResult(i, 17));
    assertEquals(i.insn().flagsWritten(), i.insn().undefinedFlags(i, 17));
  }
}
