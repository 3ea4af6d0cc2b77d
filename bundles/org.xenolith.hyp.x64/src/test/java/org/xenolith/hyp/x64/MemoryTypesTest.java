// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Registers of memory types have a word each. */
class MemoryTypesTest {
  @Test
  void eachRegisterHasItsWord() {
    Set<Integer> places = new HashSet<>();
    for (int register : MemoryTypes.REGISTERS) {
      if (register != 0xFE) {
        int place = MemoryTypes.place(register);
        assertEquals(place, Math.clamp(place, 0, MemoryTypes.WORDS - 1));
        places.add(place);
      }
    }
    assertEquals(MemoryTypes.WORDS, places.size());
  }

  @Test
  void memoryIsWriteBackFromTheBeginning() {
    long[] words = new long[MemoryTypes.WORDS];
    MemoryTypes.reset(words);
    assertEquals(0xC06, words[MemoryTypes.place(0x2FF)]);
    assertEquals(0x0007_0406_0007_0406L, words[MemoryTypes.place(0x277)]);
    assertEquals(0x0606_0606_0606_0606L, words[MemoryTypes.place(0x26F)]);
  }
}
