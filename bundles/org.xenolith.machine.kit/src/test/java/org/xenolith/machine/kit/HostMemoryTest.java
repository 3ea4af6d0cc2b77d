// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated
class HostMemoryTest {
  private final Ram ram = new Ram(0x8000_0000L, 0x4000);

  @Test
  void itIsWhereTheProcessWasToldToKeepIt() {
    boolean outside = "outside".equals(System.getProperty(HostMemory.PROPERTY)) && getClass().getModule().isNativeAccessEnabled();
    assertEquals(outside, HostMemory.OUTSIDE);
    assertEquals(outside, ram.heap == null);
    assertEquals(0, ram.place & 0xFFF, "a page is one of the host's");
  }

  @Test
  void wordsOfAllSizesNeedNoAlignment() {
    long at = ram.place + 0x101;
    HostMemory.write64(ram.heap, at, 0x8877_6655_4433_2211L);
    assertEquals(0x8877_6655_4433_2211L, HostMemory.read64(ram.heap, at));
    assertEquals(0x8877_6655L, HostMemory.read32(ram.heap, at + 4), "zero-extended");
    assertEquals(0x8877, HostMemory.read16(ram.heap, at + 6));
    assertEquals(0x88, HostMemory.read8(ram.heap, at + 7));
    HostMemory.write8(ram.heap, at + 1, -1);
    HostMemory.write16(ram.heap, at + 2, 0x1_ABCDL);
    HostMemory.write32(ram.heap, at + 4, 0x1_0102_0304L);
    assertEquals(0x0102_0304_ABCD_FF11L, ram.read(0x101, 8));
    HostMemory.zero64(ram.heap, ram.place + 0x100);
    assertEquals(-1, ram.mismatch(0x100, new byte[64], 0, 64));
  }

  @Test
  void bytesAreCopiedFilledAndCompared() {
    byte[] bytes = {0, 1, 2, 3, 4, 5};
    ram.write(0xFFE, bytes, 1, 5);
    byte[] read = new byte[7];
    ram.read(0xFFE, read, 1, 5);
    assertArrayEquals(new byte[] {0, 1, 2, 3, 4, 5, 0}, read);
    assertEquals(-1, ram.mismatch(0xFFE, bytes, 1, 5));
    ram.fill(0x1000, 2, (byte) 9);
    assertEquals(2, ram.mismatch(0xFFE, bytes, 1, 5));
    assertArrayEquals(new byte[] {1, 2, 9, 9, 5}, Arrays.copyOfRange(ram.content(), 0xFFE, 0x1003));
  }

  @Test
  void whatNobodyWritesTakesNoMemory() throws IOException {
    int size = 64 << 20;
    long before = resident();
    List<Ram> chunks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      chunks.add(new Ram((long) i * size, size));
    }
    for (Ram chunk : chunks) {
      assertEquals(-1, chunk.mismatch(size / 2, new byte[1 << 16], 0, 1 << 16), "zeroed");
      chunk.write(size - 1, 1, 1);
    }
    long taken = resident() - before;
    assertTrue(taken < size || !HostMemory.OUTSIDE, taken + " bytes of " + chunks.size() + " times " + size);
  }

  @Test
  void whatIsClearedOrGivenBackTakesNone() throws IOException {
    int size = 64 << 20;
    List<String> written = new ArrayList<>();
    Ram chunk = new Ram(0, size);
    chunk.listen((ram, offset, length) -> written.add(offset + " " + length));
    MemorySegment pages = HostMemory.pages(size + 1);
    long before = resident();
    chunk.fill(0, size, (byte) 1);
    pages.fill((byte) 2);
    chunk.markCode(0x5000);
    chunk.clear();
    assertEquals(List.of("20480 4096"), written);
    HostMemory.takeBack(pages);
    long taken = resident() - before;
    assertTrue(taken < size || !HostMemory.OUTSIDE, taken + " bytes of twice " + size);
    assertEquals(-1, chunk.mismatch(size / 2, new byte[1 << 16], 0, 1 << 16), "zeroed");
    chunk.fill(0, size, (byte) 1);
    pages.fill((byte) 2);
    HostMemory.takeBack(pages);
    chunk.giveBack();
    taken = resident() - before;
    assertTrue(taken < size || !HostMemory.OUTSIDE, taken + " bytes of twice " + size);
  }

  /** Bytes that this process has. Source: proc(5), statm. */
  private static long resident() throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) << 12;
  }

  @Test
  void whatIsOutsideOfAChunkIsNotReached() {
    assertThrows(IndexOutOfBoundsException.class, () -> ram.read(0x3FFD, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> ram.write(-1, 1, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> ram.fill(0x3FFF, 2, (byte) 0));
    assertThrows(IndexOutOfBoundsException.class, () -> ram.write(0x3FFF, new byte[2], 0, 2));
    assertEquals(0, ram.read(0x3FF8, 8));
  }
}
