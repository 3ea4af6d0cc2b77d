// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.StateMismatch;

class FrameTableTest {
  private static final long BASE = 0x4000_0000L >>> 12;

  private static FrameHeap heap() {
    return new FrameTable(List.of(new AddressWindow(0x8000_0000L, 0x4_0000), new AddressWindow(0x4000_0000L, 0x10_0000)));
  }

  @Test
  void allocatesAlignedNeighboursAndCounts() {
    FrameHeap heap = heap();
    assertEquals(0x140, heap.total());
    long run = heap.allocate(7, 16, 16);
    assertEquals(0, run & 15);
    assertEquals(16, heap.count(7));
    assertEquals(7, heap.owner(run + 15));
    assertEquals(-1, heap.owner(0));
    assertEquals(-1, heap.allocate(7, 0x200, 1));
    assertTrue(heap.allocateAt(8, BASE, 4));
    assertFalse(heap.allocateAt(8, BASE + 3, 2));
    assertFalse(heap.allocateAt(8, BASE - 1, 1));
    heap.freeAll(7);
    heap.freeAll(8);
    assertEquals(heap.total(), heap.free());
  }

  @Test
  void afterTheMachinesResetAllFramesAreFreeAndGivenInTheSameOrder() {
    FrameHeap heap = heap();
    long first = heap.allocate(3, 1, 1);
    heap.hold(first);
    heap.allocate(3, 1, 1);
    heap.clear();
    assertEquals(heap.total(), heap.free());
    assertEquals(first, heap.allocate(4, 1, 1));
  }

  /** The highest first, so that a device that reaches 4 GiB only has memory left. */
  @Test
  void theHighestFreeFrameIsGivenFirstOverAllBanks() {
    FrameHeap heap = heap();
    for (int i = 0x3F; i >= 0; i--) {
      assertEquals(0x8_0000 + i, heap.allocate(1, 1, 1));
    }
    for (int i = 0xFF; i >= 0x80; i--) {
      assertEquals(BASE + i, heap.allocate(2, 1, 1));
    }
    heap.free(2, BASE + 0xC0);
    heap.free(1, 0x8_0010);
    heap.hold(0x8_0011);
    heap.free(1, 0x8_0011);
    assertEquals(0x8_0010, heap.allocate(3, 1, 1));
    assertEquals(BASE + 0xC0, heap.allocate(3, 1, 1));
    heap.drop(0x8_0011);
    assertEquals(0x8_0011, heap.allocate(3, 1, 1));
    assertEquals(BASE + 0x7F, heap.allocate(3, 1, 1));
    assertEquals(BASE + 0x70, heap.allocate(3, 8, 8), "of an aligned run, too");
  }

  @Test
  void frameThatIsMappedOutlivesItsOwner() {
    FrameHeap heap = heap();
    long frame = heap.allocate(3, 1, 1);
    heap.hold(frame);
    heap.hold(frame);
    heap.freeAll(3);
    assertEquals(0, heap.owner(frame));
    assertFalse(heap.allocateAt(4, frame, 1), "it isn't free while it is mapped");
    heap.drop(frame);
    assertFalse(heap.allocateAt(4, frame, 1));
    heap.drop(frame);
    assertTrue(heap.allocateAt(4, frame, 1));
    heap.drop(frame);
    assertEquals(4, heap.owner(frame));
    heap.free(5, frame);
    assertEquals(4, heap.owner(frame), "only its owner lets go of it");
  }

  @Test
  void recordBringsBackOwnersAndReferences() {
    FrameHeap heap = heap();
    Random random = new Random(20261120);
    System.out.println("seed 20261120");
    List<Long> frames = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long frame = heap.allocate(1 + random.nextInt(5), 1, 1);
      frames.add(frame);
      for (int holds = random.nextInt(3); holds > 0; holds--) {
        heap.hold(frame);
      }
    }
    heap.freeAll(2);
    byte[] record = heap.save();
    FrameHeap other = heap();
    other.restore(record);
    assertArrayEquals(record, other.save());
    for (long frame : frames) {
      assertEquals(heap.owner(frame), other.owner(frame));
      assertEquals(heap.held(frame), other.held(frame));
    }
    assertEquals(heap.free(), other.free());
    assertEquals(heap.allocate(9, 1, 1), other.allocate(9, 1, 1));
    assertThrows(StateMismatch.class, () -> heap().restore(new byte[] {1, 2, 3}));
  }
}
