// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table, the decoder and the encodings made from the table agree. */
class X64FormsTest {
  private final X64Decoder decoder = new X64Decoder(EnumSet.allOf(X64Feature.class));

  @Test
  void everyFormIsReachedInEachModeThatHasIt() {
    List<String> missing = new ArrayList<>();
    for (X64Mode mode : X64Mode.values()) {
      X64RandomInstructions random = new X64RandomInstructions(1, decoder, mode, X64RandomInstructions.ANYTHING);
      for (X64Insn insn : X64Insn.values())
        if (insn.validIn(mode) && random.next(insn, false) == null)
          missing.add(mode + " " + insn);
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void everyShorterPieceIsTruncated() {
    X64RandomInstructions random = new X64RandomInstructions(2, decoder, X64Mode.LONG_64, X64RandomInstructions.ANYTHING);
    X64Instruction into = new X64Instruction();
    for (X64Insn insn : X64Insn.values()) {
      byte[] code = random.next(insn, false);
      for (int to = 0; code != null && to < code.length; to++)
        assertEquals(X64Decoder.TRUNCATED, decoder.decode(code, 0, to, X64Mode.LONG_64, into), insn + " " + to);
    }
  }

  @Test
  void sameSeedMakesSameBytes() {
    for (int i = 0; i < 2; i++)
      assertArrayEquals(new X64RandomInstructions(3, decoder, X64Mode.LONG_64, X64RandomInstructions.ANYTHING).next(X64Insn.ADD_EV_GV,
          true),
          new X64RandomInstructions(3, decoder, X64Mode.LONG_64, X64RandomInstructions.ANYTHING).next(X64Insn.ADD_EV_GV, true));
  }

  @Test
  void limitsConfineRegistersAndMemory() {
    X64RandomInstructions.Limits limits = new X64RandomInstructions.Limits(0b1111, 0b11, 7, -64, 64, 100);
    X64RandomInstructions random = new X64RandomInstructions(4, decoder, X64Mode.LONG_64, limits);
    X64Instruction into = new X64Instruction();
    for (int i = 0; i < 2000; i++) {
      byte[] code = random.next(X64Insn.XOR_EV_GV, true);
      decoder.decode(code, 0, code.length, X64Mode.LONG_64, into);
      assertEquals(0, into.reg() & ~3);
      if (into.memory())
        assertEquals(7, into.base());
      else
        assertEquals(0, into.rm() & ~3);
    }
  }
}
