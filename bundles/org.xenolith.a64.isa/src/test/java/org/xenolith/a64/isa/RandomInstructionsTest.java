// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RandomInstructionsTest {
  private static final long SEED = 42;

  @Test
  void wordsDecodeToTheirForm() {
    RandomInstructions random = new RandomInstructions(SEED);
    Decoder decoder = new Decoder();
    for (Insn insn : Insn.values())
      for (int i = 0; i < 50; i++)
        assertSame(insn, decoder.decode(random.next(insn)), "seed " + SEED);
  }

  @Test
  void sameSeedGivesTheSameWords() {
    RandomInstructions one = new RandomInstructions(SEED);
    RandomInstructions other = new RandomInstructions(SEED);
    for (Insn insn : Insn.values())
      assertEquals(one.next(insn), other.next(insn));
  }

  @Test
  void limitsHold() {
    int general = 0x0000_0FFE;
    int simd = 0x00F0_000F;
    RandomInstructions random = new RandomInstructions(SEED).generalRegisters(general).simdRegisters(simd)
        .memory(28, 64, 128, 29).targets(2, 9);
    List<String> registers = List.of("Rd", "Rn", "Rm", "Ra", "Rt", "Rt2", "Rs");
    for (Insn insn : RandomInstructions.forms(i -> i.group() != InsnGroup.SYSTEM && !i.name().contains("_LITERAL")))
      for (int i = 0; i < 20; i++) {
        int word = random.next(insn);
        for (Field field : insn.fields()) {
          int value = field.of(word);
          String where = insn + " " + field.name() + "=" + value + " seed " + SEED;
          boolean isGeneral = RandomInstructions.isGeneral(insn, field.name());
          boolean inAddress = switch (insn.group()) {
            case LOAD_STORE, LOAD_STORE_FP, LOAD_STORE_SIMD, EXCLUSIVE, ATOMIC -> true;
            default -> false;
          };
          if (inAddress && field.name().equals("Rn"))
            assertEquals(28, value, where);
          else if (inAddress && field.name().equals("Rm") && isGeneral)
            assertTrue(value == 29 || value == 31, where);
          else if (registers.contains(field.name()) && field.width() == 5 && !insn.name().startsWith("PRF"))
            assertTrue(((isGeneral ? general : simd) >>> value & 1) != 0, where);
          else if (field.name().equals("imm14"))
            assertTrue(value >= 2 && value <= 9, where);
        }
      }
  }

  @Test
  void registersAreToldApart() {
    assertTrue(RandomInstructions.isGeneral(Insn.ADD_EXTENDED, "Rm"));
    assertTrue(RandomInstructions.isGeneral(Insn.LDR_FP_REG, "Rm"));
    assertFalse(RandomInstructions.isGeneral(Insn.LDR_FP_REG, "Rt"));
    assertTrue(RandomInstructions.isGeneral(Insn.FMOV_TO_GENERAL, "Rd"));
    assertFalse(RandomInstructions.isGeneral(Insn.FMOV_TO_GENERAL, "Rn"));
    assertTrue(RandomInstructions.isGeneral(Insn.LD1_X1_POST, "Rm"));
    assertTrue(RandomInstructions.isGeneral(Insn.UMOV, "Rd"));
  }

  @Test
  void unpredictableCombinationsNeverCome() {
    RandomInstructions random = new RandomInstructions(SEED);
    for (int i = 0; i < 2000; i++) {
      int ldp = random.next(Insn.LDP_OFFSET);
      assertTrue(Fields.rt(ldp) != Fields.rt2(ldp));
      int post = random.next(Insn.LDR_IMM_POST);
      assertTrue(Fields.rt(post) != Fields.rn(post) || Fields.rn(post) == 31);
      int stxr = random.next(Insn.STXR);
      assertTrue(Fields.rs(stxr) != Fields.rt(stxr));
    }
  }

  @Test
  void stackPointerStaysOutOnRequest() {
    RandomInstructions random = new RandomInstructions(SEED).stackPointer(false);
    boolean zeroRegister = false;
    for (int i = 0; i < 2000; i++) {
      int add = random.next(Insn.ADD_IMM);
      assertTrue(Fields.rd(add) != 31 && Fields.rn(add) != 31);
      zeroRegister |= Fields.rd(random.next(Insn.ADDS_IMM)) == 31;
    }
    assertTrue(zeroRegister);
  }

  @Test
  void impossibleLimitsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RandomInstructions(SEED).generalRegisters(0));
    assertThrows(IllegalArgumentException.class, () -> new RandomInstructions(SEED).targets(3, 2));
    assertThrows(IllegalStateException.class, () -> new RandomInstructions(SEED).generalRegisters(1).next(Insn.LDP_OFFSET));
  }
}
