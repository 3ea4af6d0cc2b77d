// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.net.api.EthernetPort;

/** The form; Wireshark's reader judges it in OutsideNetworkTest. */
class FrameCaptureTest {
  /** The bodies of blocks of a type, all of which must be framed as section 3.1 says. */
  private static List<ByteBuffer> blocks(byte[] file, int wanted) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<ByteBuffer> found = new ArrayList<>();
    while (in.hasRemaining()) {
      int at = in.position();
      int type = in.getInt();
      int length = in.getInt();
      assertEquals(0, length % 4);
      assertEquals(length, in.getInt(at + length - 4), "the length stands at the end, too");
      if (type == wanted) {
        found.add(in.slice(at + 8, length - 12).order(ByteOrder.LITTLE_ENDIAN));
      }
      in.position(at + length);
    }
    return found;
  }

  @Test
  void framesAreThereAsTheyWereWithTimeAndDirection() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FrameCapture capture = new FrameCapture(out::write);
    capture.port("first");
    int port = capture.port("the second one");
    Random random = new Random(4);
    List<byte[]> frames = new ArrayList<>();
    for (int length : new int[] {14, 15, 60, 1514, EthernetPort.MOST}) {
      byte[] frame = new byte[length];
      random.nextBytes(frame);
      frames.add(frame);
      byte[] around = new byte[length + 9];
      System.arraycopy(frame, 0, around, 5, length);
      capture.frame(port, 0x1_8765_4321L + length, length % 2 == 0, around, 5, length);
    }
    byte[] file = out.toByteArray();
    assertEquals(1, blocks(file, 0x0A0D0D0A).size());
    assertEquals(0x1A2B3C4D, blocks(file, 0x0A0D0D0A).getFirst().getInt());
    assertEquals(2, blocks(file, 1).size());
    List<ByteBuffer> packets = blocks(file, 6);
    assertEquals(frames.size(), packets.size());
    for (int i = 0; i < frames.size(); i++) {
      ByteBuffer packet = packets.get(i);
      byte[] frame = frames.get(i);
      assertEquals(1, packet.getInt());
      assertEquals(0x1_8765_4321L + frame.length, (long) packet.getInt() << 32 | packet.getInt() & 0xFFFF_FFFFL);
      assertEquals(frame.length, packet.getInt());
      assertEquals(frame.length, packet.getInt());
      byte[] bytes = new byte[frame.length];
      packet.get(bytes);
      assertArrayEquals(frame, bytes);
      packet.position(packet.position() + (-frame.length & 3));
      assertEquals(2 | 4 << 16, packet.getInt(), "epb_flags, four bytes");
      assertEquals(frame.length % 2 == 0 ? 2 : 1, packet.getInt());
    }
  }
}
