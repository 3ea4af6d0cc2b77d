// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessRuleTest {

  /** Answers with the bytes of its address, and notes what it was asked. */
  private static final class Noting implements MmioHandler {
    final List<String> asked = new ArrayList<>();

    @Override
    public long read(long offset, int size) {
      asked.add("read " + offset + " " + size);
      long all = 0;
      for (int i = 0; i < 8; i++) {
        all |= (offset + i & 0xFF) << i * 8;
      }
      return all;
    }

    @Override
    public void write(long offset, int size, long value) {
      asked.add("write " + offset + " " + size + " " + Long.toHexString(value));
    }
  }

  private final Noting handler = new Noting();

  @Test
  void anAccessThatFitsIsPassedOnWithNothingAboveItsSize() {
    assertEquals(0x0504, AccessRule.UP_TO_WORD.read(handler, 4, 2), "the handler gave eight bytes");
    AccessRule.UP_TO_WORD.write(handler, 4, 2, 0x1234_5678);
    assertEquals(List.of("read 4 2", "write 4 2 5678"), handler.asked);
  }

  @Test
  void aNarrowerOneIsALaneOfTheNarrowestThatFits() {
    assertEquals(0x06, AccessRule.WORD.read(handler, 6, 1));
    AccessRule.WORD.write(handler, 6, 1, 0xABCD);
    assertEquals(List.of("read 4 4", "write 4 4 cd0000"), handler.asked);
  }

  @Test
  void aWiderOneIsCutIntoTheWidestThatFits() {
    assertEquals(0x0F0E_0D0C_0B0A_0908L, AccessRule.WORD.read(handler, 8, 8));
    AccessRule.WORD.write(handler, 8, 8, 0x1111_2222_3333_4444L);
    assertEquals(List.of("read 8 4", "read 12 4", "write 8 4 33334444", "write 12 4 11112222"), handler.asked);
  }

  @Test
  void aStrictRuleAbortsWhatDoesNotFit() {
    AccessRule strict = new AccessRule(4, 4, true);
    assertThrows(ExternalAbort.class, () -> strict.read(handler, 0, 8));
    assertThrows(ExternalAbort.class, () -> strict.write(handler, 0, 1, 0));
    assertEquals(List.of(), handler.asked);
  }

  @Test
  void sizesThatNoBusHasAreRefused() {
    for (int[] sizes : new int[][] {{0, 4}, {3, 4}, {4, 2}, {1, 16}, {8, 12}}) {
      String message = assertThrows(IllegalArgumentException.class, () -> new AccessRule(sizes[0], sizes[1], false)).getMessage();
      assertEquals("access sizes " + sizes[0] + ".." + sizes[1] + ": expected 1, 2, 4 or 8 in order", message);
    }
  }
}
