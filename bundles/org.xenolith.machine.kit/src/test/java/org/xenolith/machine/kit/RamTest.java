// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.PhysicalBus;

class RamTest {
  private final Ram ram = new Ram(0x4000_0000L, 0x4000);

  @Test
  void bytesAreLittleEndianAndNeedNoAlignment() {
    ram.write(1, 8, 0x8877_6655_4433_2211L);
    assertArrayEquals(new byte[] {0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, (byte) 0x88, 0}, Arrays.copyOf(ram.content(), 10));
    assertEquals(0x8877, ram.read(7, 2));
    assertEquals(0x8877_6655L, ram.read(5, 4), "zero-extended");
    assertEquals(0x88, ram.read(8, 1));
  }

  @Test
  void whoWritesIntoDecodedCodeIsToldOnceForEachPage() {
    List<String> told = new ArrayList<>();
    ram.listen((chunk, offset, length) -> told.add(offset + " " + length));
    ram.write(0x1000, 4, 1);
    assertEquals(List.of(), told, "no page is marked");
    ram.markCode(0x1234);
    ram.markCode(0x2000);
    ram.wrote(0xFF0, 0x1020);
    assertEquals(List.of("4096 4096", "8192 16"), told);
    assertFalse(ram.isCode(0x1000));
    ram.write(0x1000, 4, 2);
    assertEquals(2, told.size(), "the mark is gone until somebody decodes again");
    ram.markCode(0x1000);
    assertTrue(ram.isCode(0x1FFF));
  }

  @Test
  void pagesThatAreClearedAreZeroAndTheirCodeIsVoidAndOthersStay() {
    List<String> told = new ArrayList<>();
    ram.listen((chunk, offset, length) -> told.add(offset + " " + length));
    ram.fill(0, ram.size, (byte) 0x5A);
    ram.markCode(0x1000);
    ram.markCode(0x3000);
    ram.clear(0x1000, 0x2000);
    byte[] expected = new byte[ram.size];
    Arrays.fill(expected, (byte) 0x5A);
    Arrays.fill(expected, 0x1000, 0x3000, (byte) 0);
    assertArrayEquals(expected, ram.content());
    assertEquals(List.of("4096 4096"), told);
    assertThrows(IndexOutOfBoundsException.class, () -> ram.clear(0x3000, 0x2000));
    ram.clear(0, 0);
    assertArrayEquals(expected, ram.content());
  }

  @Test
  void aChunkIsAnAlignedPowerOfTwo() {
    for (long[] chunk : new long[][] {{0, 0x1800}, {0, 0x800}, {0x1000, 0x2000}}) {
      assertThrows(IllegalArgumentException.class, () -> new Ram(chunk[0], (int) chunk[1]));
    }
  }

  @Test
  void onlyABusThatHasRamGivesItAway() {
    RamBus bus = new RamBus() {
      @Override
      public Ram ram(long address) {
        return ram;
      }

      @Override
      public long read(long address, int size) {
        return 0;
      }

      @Override
      public void write(long address, int size, long value) {}
    };
    assertSame(bus, RamBus.of(bus));
    PhysicalBus other = new PhysicalBus() {
      @Override
      public long read(long address, int size) {
        return 0;
      }

      @Override
      public void write(long address, int size, long value) {}
    };
    assertTrue(assertThrows(IllegalArgumentException.class, () -> RamBus.of(other)).getMessage().endsWith("gives no RAM away"));
  }

  @Test
  void whoWatchesAPageIsToldOfEachWriteAndItsCodeIsDroppedOnce() {
    List<String> told = new ArrayList<>();
    ram.listen((chunk, offset, length) -> told.add("code " + offset + " " + length));
    ram.listenToWrites((chunk, offset, length) -> told.add("watched " + offset + " " + length));
    ram.markCode(0x1000);
    ram.watchWrites(0x1234, true);
    assertTrue(ram.isCode(0x1000), "its writers tell");
    ram.write(0x1000, 4, 1);
    ram.write(0x1004, 4, 1);
    ram.write(0x2000, 4, 1);
    assertEquals(List.of("code 4096 4", "watched 4096 4", "watched 4100 4"), told);
    ram.dropCode();
    assertEquals(3, told.size(), "no code is there");
    ram.watchWrites(0x1000, false);
    assertFalse(ram.isCode(0x1000));
  }

  @Test
  void whatWasDecodedOfAnInstructionIsVoidWhenItHasABreakpointAndWhenItHasNoneAnyMore() {
    List<String> told = new ArrayList<>();
    ram.listen((chunk, offset, length) -> told.add(offset + " " + length));
    ram.markCode(0x1000);
    ram.setBreakpoint(0x1008);
    ram.setBreakpoint(0x1008);
    ram.setBreakpoint(0x2FFF);
    assertEquals(List.of("4104 1"), told);
    assertTrue(ram.isBreakpoint(0x1008) && ram.isBreakpoint(0x2FFF) && !ram.isBreakpoint(0x1009));
    assertTrue(ram.hasBreakpoint(0x1000) && ram.hasBreakpoint(0x2000) && !ram.hasBreakpoint(0) && !ram.hasBreakpoint(0x3000));
    ram.markCode(0x1000);
    ram.clearBreakpoints();
    assertEquals(List.of("4104 1", "4104 1"), told);
    assertFalse(ram.isBreakpoint(0x1008) || ram.hasBreakpoint(0x1000));
  }
}
