// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Code of a file is where it is executed when a page is given blocks of it, and what nobody was given isn't. */
class StoredBytesTest {
  private static final int PIECE = Translations.MARGIN;
  private static final int ORIGIN = 4096;
  /** The last piece is shorter. */
  private static final int SIZE = 4 * PIECE + 100;

  private final HostCode host = HostCode.map(Translations.SIZE);
  private final byte[] all = new byte[SIZE];
  private final StoredBytes stored;

  StoredBytesTest() {
    for (int i = 0; i < SIZE; i++) {
      all[i] = (byte) (i % 251 + 1);
    }
    stored = new StoredBytes(MemorySegment.ofArray(all), ORIGIN, host);
  }

  private void isThere(int from, int to) {
    byte[] expected = new byte[ORIGIN + SIZE + PIECE];
    System.arraycopy(all, from, expected, ORIGIN + from, to - from);
    byte[] found = new byte[expected.length];
    host.bytes(0, found.length).get(found);
    assertArrayEquals(expected, found);
  }

  @Test
  void aBlockIsThereWithAllThatMayHaveBeenTranslatedWithIt() {
    isThere(0, 0);
    stored.bring(ORIGIN + 2 * PIECE - 1);
    isThere(PIECE, 3 * PIECE);
    stored.bring(ORIGIN + 2 * PIECE);
    isThere(PIECE, 4 * PIECE);
    stored.bring(ORIGIN + SIZE - 1);
    isThere(PIECE, SIZE);
  }

  @Test
  void aPieceThatIsThereStaysAsItWasChanged() {
    stored.bring(ORIGIN);
    host.patchJump(ORIGIN + 16, ORIGIN + 20);
    Arrays.fill(all, 16, 20, (byte) 0);
    stored.bring(ORIGIN + 100);
    stored.bringAll();
    isThere(0, SIZE);
  }
}
