// SPDX-License-Identifier: EPL-2.0
package org.xenolith.origin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xenolith.origin.api.OriginStep.Kind;

/** Bytes are found in what came in where they are, and nowhere if that isn't sure. */
class CameInTest {
  private static CameIn sectors() {
    byte[] bytes = new byte[3 * CameIn.SECTOR];
    bytes[CameIn.SECTOR + 5] = 1;
    bytes[CameIn.SECTOR + 6] = 2;
    bytes[2 * CameIn.SECTOR + 5] = 1;
    return new CameIn(Kind.SECTOR, "/disk", 40, bytes);
  }

  @Test
  void whatIsAtOnePlaceIsFoundThere() {
    assertEquals(OptionalInt.of(CameIn.SECTOR + 5), sectors().place(new byte[] {9, 1, 2, 9}, 1, 2));
    assertEquals(OptionalInt.of(CameIn.SECTOR + 5), sectors().place(new byte[] {9, 0, 1, 2, 9}, 2, 1), "by what is behind it");
    assertEquals(OptionalInt.of(2 * CameIn.SECTOR + 5), sectors().place(new byte[] {0, 1, 0}, 1, 1));
  }

  @Test
  void whatIsAtSeveralPlacesOrAtNoneIsNotFound() {
    assertEquals(OptionalInt.empty(), sectors().place(new byte[] {1}, 0, 1));
    assertEquals(OptionalInt.empty(), sectors().place(new byte[] {9}, 0, 1));
  }

  @Test
  void bytesBeyondItsEndAreNotHeld() {
    assertTrue(sectors().holds(new byte[] {0}, 3 * CameIn.SECTOR - 1));
    assertFalse(sectors().holds(new byte[] {0, 0}, 3 * CameIn.SECTOR - 1));
    assertFalse(sectors().holds(new byte[] {0}, -1));
  }

  @Test
  void aByteOfASectorIsTextOfThatSector() {
    assertEquals("byte 5 of sector 41 of the disk at /disk", sectors().text(CameIn.SECTOR + 5));
    assertEquals("byte 5 of a frame of 64 bytes that is delivered to eth0", new CameIn(Kind.FRAME, "eth0", 0, new byte[64]).text(5));
  }
}
