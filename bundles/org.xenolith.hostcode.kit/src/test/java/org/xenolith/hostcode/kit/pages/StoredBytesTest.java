// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xenolith.hostcode.kit.HostCode;

/** Code of a file is where it is executed when a page is given blocks of it, and what nobody was given isn't. */
class StoredBytesTest {
  private static final int PIECE = 4096;
  /** It begins, and ends, in the middle of a page. */
  private static final int BEFORE = 500;
  private static final int ORIGIN = PIECE + BEFORE;
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
  void whatIsAskedForIsThereWithItsPagesOfTheHost() {
    isThere(0, 0);
    stored.bring(ORIGIN + 2 * PIECE - 1, ORIGIN + 2 * PIECE + 1);
    isThere(2 * PIECE - BEFORE, 3 * PIECE - BEFORE);
    stored.bring(ORIGIN + PIECE, ORIGIN + 2 * PIECE - BEFORE);
    isThere(PIECE - BEFORE, 3 * PIECE - BEFORE);
    stored.bring(ORIGIN + SIZE - 1, ORIGIN + SIZE);
    stored.bring(ORIGIN, ORIGIN + SIZE - PIECE);
    isThere(0, SIZE);
  }

  @Test
  void whatIsThereStaysAsItWasChanged() {
    stored.bring(ORIGIN + PIECE, ORIGIN + PIECE + 20);
    host.patchJump(ORIGIN + PIECE + 16, ORIGIN + PIECE + 20);
    Arrays.fill(all, PIECE + 16, PIECE + 20, (byte) 0);
    stored.bring(ORIGIN + PIECE + 100, ORIGIN + PIECE + 101);
    stored.bring(ORIGIN, ORIGIN + 3 * PIECE);
    stored.bringAll();
    isThere(0, SIZE);
  }
}
