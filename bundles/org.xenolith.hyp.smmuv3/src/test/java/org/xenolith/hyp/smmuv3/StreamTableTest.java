// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.kit.FrameTable;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Stream tables of one and of two levels (Arm IHI 0070, 3.3.1, 5.1 and 5.2). */
class StreamTableTest {
  private static final long TWO_LEVELS = 1 << 16 | 8 << 6;
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final FrameHeap heap = hypervisor.port(FrameHeapPort.class);
  private final MachineMemory memory = hypervisor.memory();
  private final StreamTable table = new StreamTable(heap, memory);

  private long begin(long shape) {
    long base = heap.allocate(FrameHeap.HYPERVISOR, StreamTable.frames(shape), 1) << 12;
    memory.clear(base);
    table.at(base, shape);
    return base;
  }

  @Test
  void aTableHasTwoLevelsIfThatSavesAnything() {
    assertEquals(8, StreamTable.shape(8, true));
    assertEquals(TWO_LEVELS | 9, StreamTable.shape(9, true));
    assertEquals(TWO_LEVELS | 32, StreamTable.shape(32, true));
    assertEquals(9, StreamTable.shape(9, false));
  }

  @Test
  void aTableHasTheFramesOfItsEntries() {
    assertEquals(1, StreamTable.frames(0));
    assertEquals(1, StreamTable.frames(6));
    assertEquals(2, StreamTable.frames(7));
    assertEquals(1024, StreamTable.frames(16));
    assertEquals(1, StreamTable.frames(TWO_LEVELS | 9));
    assertEquals(1, StreamTable.frames(TWO_LEVELS | 17));
    assertEquals(2, StreamTable.frames(TWO_LEVELS | 18));
  }

  @Test
  void aStreamHasAPlaceIfItsBitsSuffice() {
    begin(4);
    assertTrue(table.covers(0));
    assertTrue(table.covers(15));
    assertFalse(table.covers(16));
    assertFalse(table.covers(-1));
    begin(TWO_LEVELS | 9);
    assertTrue(table.covers(0x1FF));
    assertFalse(table.covers(0x200));
  }

  @Test
  void theSecondLevelIsMadeOnceAndIsEmpty() {
    long dirty = heap.allocate(FrameHeap.HYPERVISOR, 8, 8);
    long base = begin(TWO_LEVELS | 10);
    for (long at = dirty << 12; at < dirty + 8 << 12; at += 8) {
      memory.write64(at, -1);
    }
    for (int i = 0; i < 4; i++) {
      heap.free(FrameHeap.HYPERVISOR, dirty + i);
    }
    long held = heap.count(FrameHeap.HYPERVISOR);
    assertTrue(table.reserve(0x2FF));
    assertEquals(held + 4, heap.count(FrameHeap.HYPERVISOR));
    assertEquals(dirty << 12 | 9, memory.read64(base + 2 * 8), "where the entries are, and 2 to the 8 of them");
    for (long at = dirty << 12; at < dirty + 4 << 12; at += 8) {
      assertEquals(0, memory.read64(at));
    }
    assertEquals(-1, memory.read64(dirty + 4 << 12), "what is behind it is another's");
    assertTrue(table.reserve(0x200));
    assertEquals(held + 4, heap.count(FrameHeap.HYPERVISOR), "it was there");
    table.write(0x2FF, 0x0003_0000_4000_0000L, 0x1_0058);
    assertEquals(1 | 6 << 1, memory.read64((dirty << 12) + 0xFF * 64));
    table.invalidate(0x2FF);
    assertEquals(0, memory.read64((dirty << 12) + 0xFF * 64));
  }

  @Test
  void aStreamWithoutASecondLevelIsInvalid() {
    long base = begin(TWO_LEVELS | 10);
    memory.write64(0x4000_0000L, 5);
    table.invalidate(0x100);
    assertEquals(0, memory.read64(base + 8));
    assertEquals(5, memory.read64(0x4000_0000L));
  }

  @Test
  void aLinearTableAtTheFirstFrameHasItsEntries() {
    table.at(0, 4);
    long held = heap.count(FrameHeap.HYPERVISOR);
    assertTrue(table.reserve(0));
    assertEquals(held, heap.count(FrameHeap.HYPERVISOR));
  }

  @Test
  void theSecondLevelMayLieInTheFirstFrames() {
    FrameTable low = new FrameTable(List.of(new AddressWindow(0, 4 * 4096)));
    StreamTable other = new StreamTable(low, memory);
    long base = begin(TWO_LEVELS | 9);
    other.at(base, TWO_LEVELS | 9);
    assertTrue(other.reserve(0x105));
    assertEquals(9, memory.read64(base + 8));
    assertEquals(0, low.free());
    assertTrue(other.reserve(0x100), "it is there");
    assertFalse(other.reserve(5), "there is no room for another");
  }

  @Test
  void anEntryHasEveryWordSet() {
    long base = begin(4);
    for (int word = 0; word < 16; word++) {
      memory.write64(base + 64 * 3 + 8 * word, -1);
    }
    assertTrue(table.reserve(3), "it is there");
    table.write(3, 0x1234_0000_4567_8000L, 0x5_3558);
    assertEquals(1 | 6 << 1, memory.read64(base + 192), "V, stage 2 only");
    assertEquals(1L << 44, memory.read64(base + 200), "SHCFG: as the device says");
    assertEquals(0x1234 | 0x5_3558L << 32 | 1L << 51 | 1L << 54 | 1L << 58, memory.read64(base + 208),
        "S2VMID, S2VTCR, S2AA64, S2PTW, S2R");
    assertEquals(0x4567_8000L, memory.read64(base + 216));
    for (int word = 4; word < 8; word++) {
      assertEquals(0, memory.read64(base + 192 + 8 * word));
    }
    assertNotEquals(0, memory.read64(base + 256), "the next one is another's");
  }
}
