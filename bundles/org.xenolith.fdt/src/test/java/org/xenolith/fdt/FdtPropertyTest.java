// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FdtPropertyTest {
  @Test
  void numbersAreBigEndianAndUnsigned() {
    FdtProperty p = new FdtProperty("reg", new byte[] {(byte) 0xff, 0, 0, 1, (byte) 0x80, 0, 0, 2});
    assertEquals(0xff00_0001_8000_0002L, p.u64());
    assertEquals(0x8000_0002L, p.number(1, 1));
    assertEquals(0, p.number(0, 0));
    assertArrayEquals(new int[] {0xff00_0001, 0x8000_0002}, p.cells());
    assertEquals(p, FdtProperty.ofU64("reg", 0xff00_0001_8000_0002L));
    assertEquals(p, FdtProperty.ofCells("reg", 0xff00_0001, 0x8000_0002));
  }

  @Test
  void bytesAreCopiedInAndOut() {
    byte[] mine = {1, 2, 3, 4};
    FdtProperty p = new FdtProperty("p", mine);
    mine[0] = 9;
    p.value()[1] = 9;
    assertEquals(0x01020304, p.u32());
  }

  @Test
  void stringsComeInOrderAndMayBeEmpty() {
    assertEquals(List.of("a", "", "b c"), FdtProperty.ofStrings("s", "a", "", "b c").strings());
    assertEquals("ü", FdtProperty.ofStrings("s", "ü").string());
    assertTrue(FdtProperty.ofStrings("s", "a", "b").looksLikeStrings());
    assertFalse(FdtProperty.ofStrings("s", "a", "", "b").looksLikeStrings());
    assertFalse(FdtProperty.ofCells("s", 0x61).looksLikeStrings());
  }

  @Test
  void aViewThatDoesNotFitNamesTheProperty() {
    FdtProperty odd = new FdtProperty("odd", new byte[] {1, 2, 3});
    for (Runnable view : List.<Runnable>of(odd::u32, odd::u64, odd::cells, odd::strings, odd::string, odd::phandle,
        () -> odd.cell(-1), () -> odd.number(0, 3))) {
      FdtException e = assertThrows(FdtException.class, view::run);
      assertTrue(e.getMessage().contains("'odd'"), e.getMessage());
    }
    assertThrows(FdtException.class, () -> FdtProperty.ofCells("phandle", 0).phandle());
    assertThrows(FdtException.class, () -> FdtProperty.ofCells("a", 1).cell(1));
    assertThrows(FdtException.class, () -> FdtProperty.ofStrings("s", "a", "b").string());
  }

  @Test
  void badNamesAreRefused() {
    for (String bad : List.of("", "a/b", "a b", "a\u0000", "ä", "x".repeat(256))) {
      assertThrows(FdtException.class, () -> FdtProperty.ofFlag(bad), bad);
    }
  }
}
