// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.gdb.PacketReader.Received;

class PacketReaderTest {
  private static List<Received> read(byte[] bytes) {
    PacketReader reader = new PacketReader();
    List<Received> all = new ArrayList<>();
    for (byte each : bytes) {
      reader.next(each & 0xFF).ifPresent(all::add);
    }
    return all;
  }

  private static List<Received> read(String text) {
    return read(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String text(Received received) {
    return assertInstanceOf(Received.Packet.class, received).text();
  }

  @Test
  void packetsComeOneAfterTheOtherWithAcknowledgementsAndInterruptsBetween() {
    List<Received> all = read("+$g#67-\003noise$m0,4#fd");
    assertEquals(5, all.size());
    assertInstanceOf(Received.Acknowledged.class, all.get(0));
    assertEquals("g", text(all.get(1)));
    assertInstanceOf(Received.Refused.class, all.get(2));
    assertInstanceOf(Received.Interrupt.class, all.get(3));
    assertEquals("m0,4", text(all.get(4)));
  }

  @Test
  void escapesAreTakenOutAndCountForTheChecksumAsTheyWereSent() {
    byte[] data = {'X', '}', '#', '$', '*', 3, 0, (byte) 0xFF};
    List<Received> all = read(new Reply(data).packet());
    assertEquals(1, all.size());
    assertArrayEquals(data, assertInstanceOf(Received.Packet.class, all.getFirst()).data());
  }

  @Test
  void aWrongChecksumIsADamagedPacketAndTheNextOneIsWell() {
    List<Received> all = read("$g#68$g#zz$g#67");
    assertInstanceOf(Received.Damaged.class, all.get(0));
    assertInstanceOf(Received.Damaged.class, all.get(1));
    assertEquals("g", text(all.get(2)));
  }

  @Test
  void aPacketThatIsCutOffByAnotherIsForgotten() {
    assertEquals(List.of("g"), read("$qSuppor$g#67").stream().map(PacketReaderTest::text).toList());
  }

  @Test
  void aPacketWithoutAnEndTakesNoMoreThanItsShareOfMemory() {
    byte[] endless = new byte[PacketReader.LONGEST + 100];
    java.util.Arrays.fill(endless, (byte) 'a');
    endless[0] = '$';
    PacketReader reader = new PacketReader();
    for (byte each : endless) {
      assertTrue(reader.next(each).isEmpty());
    }
    reader.next('#');
    int sum = (endless.length - 1) * 'a' & 0xFF;
    reader.next(Character.forDigit(sum >> 4, 16));
    assertInstanceOf(Received.Damaged.class, reader.next(Character.forDigit(sum & 15, 16)).orElseThrow());
  }

  @Test
  void whateverIsSentIsReadAsItWas() {
    Random random = new Random(7);
    for (int i = 0; i < 2000; i++) {
      byte[] data = new byte[random.nextInt(200)];
      random.nextBytes(data);
      List<Received> all = read(new Reply(data).packet());
      assertArrayEquals(data, assertInstanceOf(Received.Packet.class, all.getFirst()).data());
    }
  }
}
