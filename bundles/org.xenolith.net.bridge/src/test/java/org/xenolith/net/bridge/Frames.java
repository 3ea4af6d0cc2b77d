// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import java.nio.ByteBuffer;
import java.util.Random;

/** Frames for tests, and a check of checksums that is written from the RFCs, apart from the code under test. */
final class Frames {
  private Frames() {}

  static byte[] plain(long destination, long source, int length, int fill) {
    ByteBuffer frame = ByteBuffer.allocate(length);
    addresses(frame, destination, source).putShort((short) 0x88B5);
    while (frame.hasRemaining()) {
      frame.put((byte) fill);
    }
    return frame.array();
  }

  private static ByteBuffer addresses(ByteBuffer frame, long destination, long source) {
    return frame.putShort((short) (destination >>> 32)).putInt((int) destination).putShort((short) (source >>> 32)).putInt((int) source);
  }

  /** TCP (20 bytes of header and 12 of options) or UDP over IPv4 or IPv6, checksums of the transport blank. */
  static byte[] packet(Random random, boolean ipv6, boolean tcp, boolean tag, int data) {
    int transport = (tcp ? 32 : 8) + data;
    ByteBuffer frame = ByteBuffer.allocate(14 + (tag ? 4 : 0) + (ipv6 ? 40 : 20) + transport);
    addresses(frame, 2, 4);
    if (tag) {
      frame.putShort((short) 0x8100).putShort((short) 7);
    }
    frame.putShort((short) (ipv6 ? 0x86DD : 0x0800));
    if (ipv6) {
      frame.putInt(0x6000_0000).putShort((short) transport).put((byte) (tcp ? 6 : 17)).put((byte) 64);
      frame.putLong(random.nextLong()).putLong(random.nextLong()).putLong(random.nextLong()).putLong(random.nextLong());
    } else {
      int start = frame.position();
      frame.putShort((short) 0x4500).putShort((short) (20 + transport)).putShort((short) random.nextInt()).putShort((short) 0x4000);
      frame.put((byte) 64).put((byte) (tcp ? 6 : 17)).putShort((short) 0).putInt(random.nextInt()).putInt(random.nextInt());
      frame.putShort(start + 10, (short) (0xFFFF - sum(frame.array(), start, 20, 0)));
    }
    frame.putShort((short) 1000).putShort((short) 2000);
    if (tcp) {
      frame.putInt(random.nextInt()).putInt(random.nextInt()).put((byte) 0x80).put((byte) 0x99);
      frame.putShort((short) 512).putShort((short) 0x1234).putShort((short) 0).putInt(0x0101_080A).putLong(random.nextLong());
    } else {
      frame.putShort((short) transport).putShort((short) 0x1234);
    }
    byte[] payload = new byte[data];
    random.nextBytes(payload);
    return frame.put(payload).array();
  }

  /** Whether the checksums of IP and of the transport are right. */
  static boolean sumsAreRight(byte[] frame) {
    ByteBuffer bytes = ByteBuffer.wrap(frame);
    int ip = bytes.getShort(12) == (short) 0x8100 ? 18 : 14;
    boolean ipv6 = bytes.getShort(ip - 2) == (short) 0x86DD;
    int protocol = frame[ip + (ipv6 ? 6 : 9)];
    int transport = ip + (ipv6 ? 40 : 20);
    int length = ipv6 ? bytes.getShort(ip + 4) & 0xFFFF : (bytes.getShort(ip + 2) & 0xFFFF) - 20;
    int pseudo = sum(frame, ip + (ipv6 ? 8 : 12), ipv6 ? 32 : 8, protocol + length);
    return transport + length == frame.length && (ipv6 || sum(frame, ip, 20, 0) == 0xFFFF)
        && sum(frame, transport, length, pseudo) == 0xFFFF;
  }

  static int sum(byte[] bytes, int from, int length, int start) {
    int sum = start;
    for (int i = 0; i < length; i++) {
      sum += (bytes[from + i] & 0xFF) << (i % 2 == 0 ? 8 : 0);
      sum = sum > 0xFFFF ? sum - 0xFFFF : sum;
    }
    return sum > 0xFFFF ? sum - 0xFFFF : sum;
  }
}
