// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table, the decoder and the encodings made from the table agree. */
class FormsTest {
  private final Decoder decoder = new Decoder(EnumSet.allOf(Feature.class));

  @Test
  void everyFormIsReachedInEachModeThatHasIt() {
    List<String> missing = new ArrayList<>();
    for (DecodeMode mode : DecodeMode.values()) {
      RandomInstructions random = new RandomInstructions(1, decoder, mode, RandomInstructions.ANYTHING);
      for (Insn insn : Insn.values())
        if (insn.validIn(mode) && random.next(insn, false) == null)
          missing.add(mode + " " + insn);
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyShorterPieceIsTruncated() {
    RandomInstructions random = new RandomInstructions(2, decoder, DecodeMode.LONG_64, RandomInstructions.ANYTHING);
    Instruction into = new Instruction();
    for (Insn insn : Insn.values()) {
      byte[] code = random.next(insn, false);
      for (int to = 0; code != null && to < code.length; to++)
        assertEquals(Decoder.TRUNCATED, decoder.decode(code, 0, to, DecodeMode.LONG_64, into), insn + " " + to);
    }
  }

  @Test
  void sameSeedMakesSameBytes() {
    for (int i = 0; i < 2; i++)
      assertArrayEquals(new RandomInstructions(3, decoder, DecodeMode.LONG_64, RandomInstructions.ANYTHING).next(Insn.ADD_EV_GV,
          true),
          new RandomInstructions(3, decoder, DecodeMode.LONG_64, RandomInstructions.ANYTHING).next(Insn.ADD_EV_GV, true));
  }

  @Test
  void limitsConfineRegistersAndMemory() {
    RandomInstructions.Limits limits = new RandomInstructions.Limits(0b1111, 0b11, 7, -64, 64, 100);
    RandomInstructions random = new RandomInstructions(4, decoder, DecodeMode.LONG_64, limits);
    Instruction into = new Instruction();
    for (int i = 0; i < 2000; i++) {
      byte[] code = random.next(Insn.XOR_EV_GV, true);
      decoder.decode(code, 0, code.length, DecodeMode.LONG_64, into);
      assertEquals(0, into.reg() & ~3);
      if (into.memory())
        assertEquals(7, into.base());
      else
        assertEquals(0, into.rm() & ~3);
    }
  }
}
