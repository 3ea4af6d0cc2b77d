// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AssemblerTest {
  private static final long SEED = 20261120;

  /** Bits that the disassembly doesn't show because the instruction ignores them are the only ones that may differ. */
  @Test
  void assemblingTheDisassemblyGivesTheWordBack() {
    RandomInstructions random = new RandomInstructions(SEED);
    Disassembler disassembler = new Disassembler();
    for (Insn insn : Insn.values())
      for (int i = 0; i < 50; i++) {
        int word = random.next(insn);
        String text = disassembler.disassemble(0x4000_0000L, word);
        int again = Assembler.assemble(0x4000_0000L, text);
        assertEquals(hex(word & ~ignored(insn, word)), hex(again & ~ignored(insn, word)),
            () -> insn + " '" + text + "' seed " + SEED);
        assertEquals(text, disassembler.disassemble(0x4000_0000L, again));
      }
  }

  private static int ignored(Insn insn, int word) {
    return switch (insn) {
      // Rotations by multiples of the element's size; the text has shown that the masks are equal.
      case AND_IMM, ORR_IMM, EOR_IMM, ANDS_IMM -> 0x3F_0000;
      case DUP_GENERAL -> 0x1F_0000 & -(lowestSize(word) << 1);
      case INS_ELEMENT -> 0x7800 & (lowestSize(word) >>> 16) - 1 << 11;
      default -> 0;
    };
  }

  private static int lowestSize(int word) {
    return Integer.lowestOneBit(word & 0x1F_0000);
  }

  private static String hex(int word) {
    return String.format("%08x", word);
  }

  private static void same(String alias, String plain) {
    assertEquals(hex(Assembler.assemble(plain)), hex(Assembler.assemble(alias)), alias);
  }

  @Test
  void wordsAreThoseOfTheManual() {
    assertEquals(0x91001020, Assembler.assemble("add x0, x1, #4"));
    assertEquals(0xD65F03C0, Assembler.assemble("ret"));
    assertEquals(0xD503201F, Assembler.assemble("nop"));
    assertEquals(0xAA0103E0, Assembler.assemble("mov x0, x1"));
    assertEquals(0x910003FD, Assembler.assemble("mov x29, sp"));
    assertEquals(0xA9BF7BFD, Assembler.assemble("stp x29, x30, [sp, #-16]!"));
    assertEquals(0xF9400420, Assembler.assemble("LDR X0, [X1, #8]"));
    assertEquals(0xD508871F, Assembler.assemble("tlbi vmalle1"));
    assertEquals(0x54000040, Assembler.assemble(0x1000, "b.eq 0x1008"));
  }

  @Test
  void aliasesMeanWhatTheManualSays() {
    same("cmp x1, #5", "subs xzr, x1, #5");
    same("cmp w1, w2, lsl #3", "subs wzr, w1, w2, lsl #3");
    same("cmn x1, x2", "adds xzr, x1, x2");
    same("tst w3, #0xff", "ands wzr, w3, #0xff");
    same("mov x0, #0x12340000", "movz x0, #0x1234, lsl #16");
    same("mov x0, #-2", "movn x0, #1");
    same("mov w0, #-2", "movn w0, #1");
    same("mov x0, #0xff00ff00ff00ff00", "orr x0, xzr, #0xff00ff00ff00ff00");
    same("mov v0.16b, v1.16b", "orr v0.16b, v1.16b, v1.16b");
    same("mov x0, v1.d[1]", "umov x0, v1.d[1]");
    same("mov v1.s[2], w0", "ins v1.s[2], w0");
    same("mvn x0, x1, lsl #2", "orn x0, xzr, x1, lsl #2");
    same("neg w0, w1", "sub w0, wzr, w1");
    same("mul x0, x1, x2", "madd x0, x1, x2, xzr");
    same("umull x0, w1, w2", "umaddl x0, w1, w2, xzr");
    same("lsl x0, x1, #3", "ubfm x0, x1, #61, #60");
    same("lsl w0, w1, #0", "ubfm w0, w1, #0, #31");
    same("lsr x0, x1, #3", "ubfm x0, x1, #3, #63");
    same("asr w0, w1, w2", "asrv w0, w1, w2");
    same("ror x0, x1, #7", "extr x0, x1, x1, #7");
    same("ubfx x0, x1, #4, #8", "ubfm x0, x1, #4, #11");
    same("bfi w0, w1, #4, #8", "bfm w0, w1, #28, #7");
    same("sxtw x0, w1", "sbfm x0, x1, #0, #31");
    same("uxtb w0, w1", "ubfm w0, w1, #0, #7");
    same("cset w0, ne", "csinc w0, wzr, wzr, eq");
    same("cinc x0, x1, lo", "csinc x0, x1, x1, cs");
    same("b.lo 8", "b.cc 8");
    same("add x0, x1, #0x5000", "add x0, x1, #5, lsl #12");
    same("add x0, x1, #-8", "sub x0, x1, #8");
    same("ldr x0, [x1, #-8]", "ldur x0, [x1, #-8]");
    same("strh w0, [x1, #3]", "sturh w0, [x1, #3]");
    same("tlbi vae1is, x3", "sys #0, C8, C3, #1, x3");
    same("dc zva, x3", "sys #3, C7, C4, #1, x3");
    same("fmov d0, #1.0", "fmov d0, #1.000000000000000000e+00");
    same("ld1 {v0.4s-v3.4s}, [x0], #64", "ld1 {v0.4s, v1.4s, v2.4s, v3.4s}, [x0], #64");
    same("br lr", "br x30");
  }

  @Test
  void labelsConstantsAndDataAreResolved() {
    Program program = Assembler.program(0x4000_0000L, """
                // counts down, then hangs
                COUNT = 3
                start:  ldr x0, =COUNT
                        ldr x1, =msg
                        adr x2, msg
                1:      sub x0, x0, #1
                        cbnz x0, 1b
                        b 1f ; nop
                1:      wfi
                        b 1b
                        add x3, x3, #:lo12:msg
                        mov x4, #(end - msg)
                msg:    .ascii "A;//\\n"
                        .align 3
                end:    .quad msg, start + 8
                        .word -1
                        .byte 'z', COUNT
                """);
    long msg = program.address("msg");
    assertEquals(0x4000_0000L, program.address("start"));
    assertEquals(0x4000_0038L, msg);
    int[] words = program.words();
    assertEquals(Assembler.assemble("movz x0, #3"), words[0]);
    assertEquals(Assembler.assemble("movz x1, #0x38"), words[1]);
    assertEquals(Assembler.assemble("movk x1, #0x4000, lsl #16"), words[2]);
    assertEquals(Assembler.assemble(0x4000_0014L, "adr x2, 0x40000038"), words[5]);
    assertEquals(Assembler.assemble("cbnz x0, -4"), words[7]);
    assertEquals(Assembler.assemble("b 8"), words[8]);
    assertEquals(Assembler.assemble("wfi"), words[10]);
    assertEquals(Assembler.assemble(4, "b 0"), words[11]);
    assertEquals(Assembler.assemble("add x3, x3, #0x38"), words[12]);
    assertEquals(Assembler.assemble("movz x4, #8"), words[13]);
    byte[] bytes = program.bytes();
    assertEquals("A;//\n", new String(bytes, 0x38, 5, StandardCharsets.UTF_8));
    assertEquals(0x4000_0040L, program.address("end"));
    assertEquals(0x38, bytes[0x40]);
    assertEquals(0x40, bytes[0x43]);
    assertEquals('z', bytes[0x54]);
    assertEquals(3, bytes[0x55]);
  }

  @Test
  void constantsBecomeTheFewestMoves() {
    assertArrayEquals(new int[] {Assembler.assemble("movz x0, #0")}, Assembler.program(0, "ldr x0, =0").words());
    assertArrayEquals(new int[] {Assembler.assemble("movz x0, #0x4, lsl #32"), Assembler.assemble("movk x0, #1, lsl #48")},
        Assembler.program(0, "ldr x0, =0x0001000400000000").words());
  }

  private static void rejected(String source, String... parts) {
    String message = assertThrows(AssemblyException.class, () -> Assembler.program(0, source)).getMessage();
    for (String part : parts)
      assertTrue(message.contains(part), message + " should contain " + part);
  }

  @Test
  void mistakesAreNamedWithTheirLine() {
    rejected("nop\nfrobnicate x0", "line 2", "frobnicate");
    rejected("add x0, x1", "line 1", "missing at the end");
    rejected("add x0, x1, #0x1001", "0x1001");
    rejected("mov x0, #0x123456789", "mov");
    rejected("b nowhere", "nowhere");
    rejected("a:\na:", "line 2", "label a");
    rejected(".ascii \"x\"\nnop", "line 2", "aligned", ".align 2");
    rejected(".bogus 1", ".bogus");
    rejected("and x0, x1, #5", "#5");
    rejected("ldr x0, [x1, #8", "missing");
    rejected(".space 99999999", ".space");
  }
}
