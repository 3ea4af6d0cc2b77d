// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.platform.api.AddressWindow;

/** Where the hardware domain has memory, and what it is told of it. */
class Dom0MapTest {
  private static final long MIB = 1L << 20;

  private static List<String> told(Dom0Map map) {
    ByteBuffer bytes = ByteBuffer.wrap(map.entries()).order(ByteOrder.LITTLE_ENDIAN);
    List<String> told = new ArrayList<>();
    while (bytes.hasRemaining()) {
      long from = bytes.getLong();
      told.add("%x-%x %d".formatted(from, from + bytes.getLong(), bytes.getInt()));
    }
    return told;
  }

  @Test
  void whatIsBehindItsMemoryIsNotToBeUsed() {
    long end = Dom0Map.end(16 * MIB);
    assertEquals(0x106_1000, end);
    assertEquals(List.of("0-9f000 1", "9fc00-100000 2", "100000-1060000 1", "1060000-1061000 3", "1061000-4000000 5",
        "e0000000-f0000000 2"), told(new Dom0Map(end, 64 * MIB, end - 4096, List.of(new AddressWindow(0xE000_0000L, 0x1000_0000L)))));
  }

  @Test
  void allOfItIsRamAndNothingIsToldTwice() {
    for (long bytes : new long[] {2 * MIB, 2 * MIB + 4096, 512 * MIB, 3L << 30}) {
      long end = Dom0Map.end(bytes);
      Dom0Map map = new Dom0Map(end, end, end - 8192, List.of());
      ByteBuffer entries = ByteBuffer.wrap(map.entries()).order(ByteOrder.LITTLE_ENDIAN);
      long ram = 0;
      long last = 0;
      while (entries.hasRemaining()) {
        long from = entries.getLong();
        long size = entries.getLong();
        int type = entries.getInt();
        assertTrue(from >= last && size > 0, Long.toHexString(from));
        last = from + size;
        ram += type == 1 || type == 3 ? size : 0;
      }
      assertEquals(bytes, ram);
      assertEquals(end, last, "no RAM behind it");
    }
  }

  @Test
  void tooLittleAndPartsOfPagesAreRefused() {
    for (long wrong : new long[] {0, -4096, MIB, 2 * MIB - 4096, 2 * MIB + 1}) {
      String said = assertThrows(IllegalArgumentException.class, () -> Dom0Map.end(wrong)).getMessage();
      assertTrue(said.contains("2 MiB at least, got " + wrong), said);
    }
  }
}
