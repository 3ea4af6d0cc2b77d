// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.api.Offload;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class CompletionTest {
  private static final long SEED = 64;
  private static final int ALL = Offload.CHECKSUM | Offload.CHECKSUM6 | Offload.TCP4 | Offload.TCP6;

  private final Completion completion = new Completion();
  private final Random random = new Random(SEED);

  private static StationPort station(Receiver receiver) {
    return new EthernetPort().join("s", "r", receiver, new FakeContext(FakeNode.at("/card").build()));
  }

  @Test
  void checksumIsFilledInForWhoDoesNotTakeItBlank() {
    for (int i = 0; i < 200; i++) {
      boolean ipv6 = i % 2 == 0;
      byte[] frame = Frames.packet(random, ipv6, i % 4 < 2, i % 8 < 4, random.nextInt(1400));
      assertFalse(Frames.sumsAreRight(frame));
      Receiver plain = new Receiver(ipv6 ? Offload.CHECKSUM : Offload.CHECKSUM6);
      completion.deliver(station(plain), frame, frame.length, Offload.CHECKSUM, 0);
      assertEquals(Offload.VALIDATED, plain.offloads.getFirst());
      assertTrue(Frames.sumsAreRight(plain.only()), "frame " + i);
      Receiver able = new Receiver(ipv6 ? Offload.CHECKSUM6 : Offload.CHECKSUM);
      completion.deliver(station(able), frame, frame.length, Offload.CHECKSUM, 0);
      assertArrayEquals(frame, able.only());
    }
  }

  @Test
  void largePacketIsCutIntoSegmentsForWhoDoesNotTakeIt() {
    for (int i = 0; i < 50; i++) {
      boolean ipv6 = i % 2 == 0;
      boolean tag = i % 4 < 2;
      int size = 500 + random.nextInt(1000);
      byte[] frame = Frames.packet(random, ipv6, true, tag, i == 0 ? 0 : random.nextInt(65_000));
      int offload = Offload.CHECKSUM | (ipv6 ? Offload.TCP6 : Offload.TCP4);
      Receiver able = new Receiver(ALL);
      completion.deliver(station(able), frame, frame.length, offload, size);
      assertArrayEquals(frame, able.only());
      Receiver plain = new Receiver(0);
      completion.deliver(station(plain), frame, frame.length, offload, size);
      int headers = 14 + (tag ? 4 : 0) + (ipv6 ? 40 : 20) + 32;
      ByteBuffer joined = ByteBuffer.allocate(frame.length - headers);
      int sequence = ByteBuffer.wrap(frame).getInt(headers - 28);
      for (int s = 0; s < plain.frames.size(); s++) {
        byte[] segment = plain.frames.get(s);
        boolean last = s == plain.frames.size() - 1;
        assertTrue(Frames.sumsAreRight(segment), "segment " + s + " of frame " + i);
        assertTrue(last || segment.length == headers + size);
        assertEquals(sequence + joined.position(), ByteBuffer.wrap(segment).getInt(headers - 28));
        assertEquals((s == 0 ? 0x80 : 0) | 0x10 | (last ? 0x09 : 0), segment[headers - 19] & 0xFF, "flags");
        joined.put(segment, headers, segment.length - headers);
      }
      assertArrayEquals(Arrays.copyOfRange(frame, headers, frame.length), joined.array());
    }
  }

  @Test
  void malformedFramesNeverThrowAndNeverMultiplyWithoutBound() {
    System.out.println("seed " + SEED);
    for (int i = 0; i < 20_000; i++) {
      byte[] frame = Frames.packet(random, random.nextBoolean(), random.nextInt(4) > 0, random.nextBoolean(), random.nextInt(300));
      for (int k = random.nextInt(6); k > 0; k--) {
        frame[12 + random.nextInt(Math.min(frame.length - 12, 80))] = (byte) random.nextInt();
      }
      int length = random.nextInt(3) == 0 ? 14 + random.nextInt(frame.length - 13) : frame.length;
      Receiver receiver = new Receiver(random.nextInt(32));
      completion.deliver(station(receiver), Arrays.copyOf(frame, length), length, random.nextInt(16), random.nextInt(40) - 2);
      assertTrue(receiver.frames.size() <= 1400);
    }
  }
}
