// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.net.api.EthernetPort;

class FrameInboxTest {
  private final List<byte[]> brought = new ArrayList<>();
  private int rooms;
  private final FrameInbox inbox = new FrameInbox(brought::add, () -> rooms++, text -> {});

  private static byte[] frame(int length, int content) {
    byte[] frame = new byte[length];
    Arrays.fill(frame, (byte) content);
    return frame;
  }

  private static List<Integer> lengths(byte[] batch) {
    List<Integer> lengths = new ArrayList<>();
    for (int at = 0, length = FrameBatch.length(batch, at); length >= 0; length = FrameBatch.length(batch, at)) {
      lengths.add(length);
      at += FrameBatch.HEADER + length;
    }
    return lengths;
  }

  @Test
  void theFirstFrameIsBroughtAtOnceAndThoseBehindItTogether() {
    assertTrue(inbox.frame(frame(60, 1), 0, 60, 4, 1448));
    assertTrue(inbox.frame(frame(70, 2), 0, 70));
    assertTrue(inbox.frame(frame(80, 3), 10, 64));
    assertEquals(1, brought.size());
    byte[] first = brought.getFirst();
    assertEquals(List.of(60), lengths(first));
    assertEquals(4, FrameBatch.offload(first, 0));
    assertEquals(1448, FrameBatch.payload(first, 0));
    assertArrayEquals(frame(60, 1), Arrays.copyOfRange(first, FrameBatch.HEADER, first.length));
    inbox.taken(first.length - 1);
    assertEquals(1, brought.size(), "not all of it is taken");
    inbox.taken(1);
    assertEquals(List.of(70, 64), lengths(brought.get(1)));
  }

  @Test
  void whoFindsNoRoomIsToldWhenThereIs() {
    int fit = 0;
    while (inbox.frame(frame(1514, 1), 0, 1514)) {
      fit++;
    }
    assertTrue(fit * 1514 <= FrameInbox.CAPACITY && fit > 600, "in all: " + fit);
    assertEquals(0, rooms);
    inbox.taken(brought.getLast().length);
    assertEquals(0, rooms, "what waited is on its way, and still as much");
    inbox.taken(brought.getLast().length);
    assertEquals(1, rooms);
    assertTrue(inbox.frame(frame(1514, 1), 0, 1514));
  }

  @Test
  void whatIsNoFrameAndWhatComesAfterTheEndIsDropped() {
    assertTrue(inbox.frame(frame(13, 1), 0, 13));
    assertTrue(inbox.frame(frame(EthernetPort.MOST + 1, 1), 0, EthernetPort.MOST + 1));
    inbox.close();
    assertTrue(inbox.frame(frame(60, 1), 0, 60));
    assertEquals(List.of(), brought);
  }

  @Test
  void aBatchThatIsCutHasNoFrameThere() {
    FrameBatch batch = new FrameBatch();
    batch.add(frame(60, 1), 0, 60, 0, 0);
    byte[] whole = batch.take();
    assertEquals(0, batch.length());
    for (int end = 0; end < whole.length; end++) {
      assertEquals(-1, FrameBatch.length(Arrays.copyOf(whole, end), 0));
    }
    assertFalse(lengths(whole).isEmpty());
    assertEquals(-1, FrameBatch.length(new byte[] {-1, -1, -1, -1, 0, 0, 0, 0}, 0));
  }
}
