// SPDX-License-Identifier: EPL-2.0
package org.xenolith.loader.tool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The file's form, as those who load it read it. That it runs is shown by firmware itself. */
class LoaderProgramTest {
  private final ByteBuffer file = ByteBuffer.wrap(LoaderProgram.bytes()).order(ByteOrder.LITTLE_ENDIAN);

  @Test
  void itHasTheHeaderOfAnImageAndOfAPortableExecutable() {
    assertEquals(0x5A4D, file.getShort(0) & 0xFFFF);
    assertEquals(0x644D_5241, file.getInt(56));
    int pe = file.getInt(60);
    assertEquals(0x4550, file.getInt(pe));
    assertEquals(0xAA64, file.getShort(pe + 4) & 0xFFFF);
    int sections = file.getShort(pe + 6);
    int optional = pe + 24;
    assertEquals(0x20B, file.getShort(optional));
    assertEquals(10, file.getShort(optional + 68), "subsystem");
    int table = optional + file.getShort(pe + 20);
    int end = 0;
    for (int i = 0; i < sections; i++) {
      int virtual = file.getInt(table + 40 * i + 8);
      int address = file.getInt(table + 40 * i + 12);
      int raw = file.getInt(table + 40 * i + 16);
      assertEquals(0, address % 0x1000);
      assertEquals(address, file.getInt(table + 40 * i + 20));
      assertEquals(end == 0 ? 0x1000 : end, address, "sections follow each other");
      assertEquals(true, virtual >= raw && address + raw <= file.capacity());
      end = address + virtual + 0xFFF & -0x1000;
    }
    assertEquals(end, file.getInt(optional + 56), "size of the image");
  }

  @Test
  void itIsTheSameWheneverItIsMade() {
    assertArrayEquals(LoaderProgram.bytes(), LoaderProgram.bytes());
  }
}
