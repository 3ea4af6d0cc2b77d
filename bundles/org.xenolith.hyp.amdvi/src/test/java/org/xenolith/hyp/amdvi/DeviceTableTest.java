// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** The device table, and tables of messages, word by word (48882, 2.2.2 and 2.2.5). */
class DeviceTableTest {
  private static final long BASE = 0x4200_0000L;
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final MachineMemory memory = hypervisor.memory();
  private final FrameHeap heap = hypervisor.port(FrameHeapPort.class);
  private final DeviceTable table = new DeviceTable(memory);

  private long word(int stream, int word) {
    return memory.read64(BASE + 32 * stream + 8 * word);
  }

  @Test
  void aPageHasSoManyStreams() {
    assertEquals(1, DeviceTable.pages(-1));
    assertEquals(1, DeviceTable.pages(0));
    assertEquals(1, DeviceTable.pages(127));
    assertEquals(2, DeviceTable.pages(128));
    assertEquals(512, DeviceTable.pages(0xFFFF));
    table.at(BASE, 2);
    assertEquals(BASE | 1, table.register());
    assertTrue(table.covers(0));
    assertTrue(table.covers(255));
    assertFalse(table.covers(256));
    assertFalse(table.covers(-1));
  }

  @Test
  void anEmptyTableLetsNothingPass() {
    for (long at = BASE; at < BASE + 8192; at += 8) {
      memory.write64(at, -1);
    }
    table.at(BASE, 1);
    table.clear();
    for (int stream = 0; stream < 128; stream++) {
      assertEquals(3, word(stream, 0), "V, TV");
      assertEquals(0, word(stream, 1));
      assertEquals(1, word(stream, 2), "IV");
      assertEquals(0, word(stream, 3));
    }
    assertEquals(-1, word(128, 0), "what is behind it is another's");
  }

  @Test
  void onlyStreamsOfTheTableAreTrusted() {
    table.at(BASE, 1);
    table.clear();
    memory.write64(BASE + 128 * 32 + 16, 7);
    table.trustMessages(127);
    table.trustMessages(128);
    assertEquals(0, word(127, 2));
    assertEquals(7, word(128, 2));
  }

  @Test
  void anEntryIsGivenClosedAndOpened() {
    table.at(BASE, 1);
    table.clear();
    assertFalse(table.opensMemory(5));
    assertEquals(0, table.messages(5));
    table.give(5, 0x0123_0000_4567_8000L, 0x4300_0000L);
    long open = 3 | 4 << 9 | 3L << 61 | 0x4567_8000L;
    assertEquals(open, word(5, 0));
    assertEquals(0x123, word(5, 1), "DomainID");
    assertEquals(1 | 8 << 1 | 2L << 60 | 0x4300_0000L, word(5, 2), "IV, 256 entries, remapped");
    assertTrue(table.opensMemory(5));
    assertEquals(0x4300_0000L, table.messages(5));
    table.closeMemory(5);
    assertEquals(3, word(5, 0));
    assertFalse(table.opensMemory(5));
    assertEquals(0x4300_0000L, table.messages(5), "its messages pass still");
    table.openMemory(5, 0x0123_0000_4567_8000L);
    assertEquals(open, word(5, 0));
    table.close(5);
    assertEquals(3, word(5, 0));
    assertEquals(1, word(5, 2));
  }

  @Test
  void aMessageLeadsToItsOwnVectorOfTheBootCpu() {
    FunctionMessages messages = new FunctionMessages(heap, memory, 3);
    long dirty = heap.allocate(FrameHeap.HYPERVISOR, 1, 1);
    memory.write64(dirty << 12, -1);
    heap.free(FrameHeap.HYPERVISOR, dirty);
    long at = messages.make();
    assertEquals(dirty << 12, at, "the same page, or nothing is shown");
    assertEquals(0, memory.read64(at));
    assertTrue(messages.allow(at, 0, true));
    assertEquals(1 | 3 << 8, memory.read32(at));
    assertTrue(messages.allow(at, 255, true));
    assertFalse(messages.allow(at, 255, true));
    assertEquals(1 | 3 << 8 | 255 << 16, memory.read32(at + 4 * 255));
    assertTrue(messages.allow(at, 255, false));
    assertEquals(0, memory.read32(at + 4 * 255));
    assertFalse(messages.allow(at, 254, false));
    messages.free(at);
    assertEquals(0, heap.owner(at >>> 12));
    messages.free(0);
  }

  @Test
  void thereAreVectorsFromZeroToTwoHundredAndFiftyFive() {
    assertFalse(FunctionMessages.known(-1));
    assertTrue(FunctionMessages.known(0));
    assertTrue(FunctionMessages.known(255));
    assertFalse(FunctionMessages.known(256));
  }

  @Test
  void withoutRoomThereIsNoTableOfMessages() {
    while (heap.allocate(77, 1, 1) >= 0) {
      // Until none is left.
    }
    assertEquals(0, new FunctionMessages(heap, memory, 0).make());
  }
}
