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

  private static Dom0Map map(long bytes, long tables, List<AddressWindow> machine) {
    List<AddressWindow> ram = Dom0Map.ram(bytes, machine);
    return new Dom0Map(ram, machine, Dom0Map.lowEnd(ram) - tables, List.of(new AddressWindow(0xE000_0000L, 0x1000_0000L)));
  }

  private static List<AddressWindow> machine(long bytes) {
    long low = Math.min(bytes, 0xB000_0000L);
    return bytes == low ? List.of(new AddressWindow(0, low)) : List.of(new AddressWindow(0, low), new AddressWindow(1L << 32, bytes - low));
  }

  @Test
  void whatIsBehindItsMemoryIsNotToBeUsed() {
    assertEquals(0x106_1000, Dom0Map.lowEnd(Dom0Map.ram(16 * MIB, machine(64 * MIB))));
    assertEquals(List.of("0-9f000 1", "9fc00-100000 2", "100000-1060000 1", "1060000-1061000 3", "1061000-4000000 5",
        "e0000000-f0000000 2"), told(map(16 * MIB, 4096, machine(64 * MIB))));
  }

  @Test
  void memoryGoesOnBehindTheHoleAndTablesStayBelowIt() {
    assertEquals(List.of("0-9f000 1", "9fc00-100000 2", "100000-affff000 1", "affff000-b0000000 3", "e0000000-f0000000 2",
        "100000000-150061000 1", "150061000-450000000 5"), told(map(4096 * MIB, 4096, machine(16384 * MIB))));
    assertEquals(List.of("0-9f000 1", "9fc00-100000 2", "100000-1060000 1", "1060000-1061000 3", "1061000-b0000000 5",
        "e0000000-f0000000 2", "100000000-450000000 5"), told(map(16 * MIB, 4096, machine(16384 * MIB))));
  }

  @Test
  void allOfItIsRamAndNothingIsToldTwice() {
    for (long bytes : new long[] {2 * MIB, 2 * MIB + 4096, 512 * MIB, 2816 * MIB - (0x10_0000 - 0x9_F000), 3L << 30, 63L << 30}) {
      Dom0Map map = map(bytes, 8192, machine(bytes + MIB));
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
    }
  }

  @Test
  void tooLittleTooMuchAndPartsOfPagesAreRefused() {
    for (long wrong : new long[] {0, -4096, MIB, 2 * MIB - 4096, 2 * MIB + 1}) {
      String said = assertThrows(IllegalArgumentException.class, () -> Dom0Map.ram(wrong, machine(64 * MIB))).getMessage();
      assertTrue(said.contains("2 MiB at least, got " + wrong), said);
    }
    for (long machine : new long[] {64 * MIB, 8192 * MIB}) {
      String said = assertThrows(IllegalArgumentException.class, () -> Dom0Map.ram(machine, machine(machine))).getMessage();
      assertTrue(said.contains("1 MiB more than the machine has"), said);
    }
    String said = assertThrows(IllegalArgumentException.class, () -> Dom0Map.ram(4 * MIB, List.of(new AddressWindow(MIB, 64 * MIB))))
        .getMessage();
    assertTrue(said.contains("begins at 0"), said);
  }
}
