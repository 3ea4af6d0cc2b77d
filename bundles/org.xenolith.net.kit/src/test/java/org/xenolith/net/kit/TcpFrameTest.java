// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TcpFrameTest {
  private static final String STATIONS = "525500000001" + "525400123456";
  /** From 10.0.2.15:1025 to 10.0.2.2:80, sequence 0x1000, acknowledged 0x2000. */
  private static final String FOUR = "0800" + "450000%02x00000000400600000a00020f0a000202";
  private static final String SIX = "86dd" + "60000000%04x0640" + "fec00000000000000000000000000015" + "fec00000000000000000000000000002";
  private static final String TCP = "04010050" + "00001000" + "00002000" + "50%02x8000" + "00000000";

  private static byte[] four(int flags, int payload) {
    return frame(FOUR.formatted(40 + payload), flags, payload);
  }

  private static byte[] six(int flags, int payload) {
    return frame(SIX.formatted(20 + payload), flags, payload);
  }

  private static byte[] frame(String ip, int flags, int payload) {
    // A byte before it, as a frame may begin anywhere.
    return HexFormat.of().parseHex("ff" + STATIONS + ip + TCP.formatted(flags) + "61".repeat(payload));
  }

  private static byte[] refusal(byte[] frame) {
    return TcpFrame.refusal(frame, 1, frame.length - 1);
  }

  /** The sum over bytes that have a right checksum in them is all ones (RFC 1071). */
  private static int sum(byte[] bytes, int from, int start) {
    int sum = start;
    for (int at = from; at < bytes.length; at += 2) {
      sum += (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return sum;
  }

  @Test
  void whoAcknowledgesIsRefusedWhereItIs() {
    byte[] refused = refusal(four(TcpFrame.ACK, 5));
    assertEquals("525400123456" + "525500000001" + "0800", HexFormat.of().formatHex(refused, 0, 14));
    assertEquals("0a0002020a00020f" + "00500401" + "00002000" + "00000000" + "5004", HexFormat.of().formatHex(refused, 26, 48));
    assertEquals(0xFFFF, sum(java.util.Arrays.copyOf(refused, 34), 14, 0), "IPv4's sum");
    assertEquals(0xFFFF, sum(refused, 26, 6 + 20), "TCP's sum");
  }

  @Test
  void whoAsksIsRefusedBehindWhatItHasSent() {
    byte[] refused = refusal(six(TcpFrame.SYN, 3));
    assertEquals("00500401" + "00000000" + "00001004" + "5014", HexFormat.of().formatHex(refused, 54, 68));
    assertEquals(0xFFFF, sum(refused, 22, 6 + 20), "TCP's sum");
    assertEquals("fec00000000000000000000000000002" + "fec00000000000000000000000000015", HexFormat.of().formatHex(refused, 22, 54));
  }

  @Test
  void whatFillsAShortFrameUpIsNoneOfItsBytes() {
    byte[] filled = java.util.Arrays.copyOf(four(TcpFrame.SYN, 0), 1 + 60);
    assertEquals("00001001", HexFormat.of().formatHex(refusal(filled), 42, 46));
  }

  @Test
  void aResetAndWhatIsNoSegmentHaveNoAnswer() {
    assertEquals(0, refusal(four(TcpFrame.RST, 0)).length);
    byte[] udp = four(TcpFrame.ACK, 0);
    udp[1 + 23] = 17;
    assertEquals(0, refusal(udp).length);
    byte[] second = four(TcpFrame.ACK, 0);
    second[1 + 21] = 1;
    assertEquals(0, refusal(second).length, "the second fragment of a packet");
    byte[] group = four(TcpFrame.ACK, 0);
    group[1] = (byte) 0xFF;
    assertEquals(0, refusal(group).length);
    assertArrayEquals(new byte[0], TcpFrame.refusal(new byte[14], 0, 14));
  }

  @Test
  void whateverAGuestSendsIsEitherWholeOrNoSegment() {
    for (byte[] frame : new byte[][] {four(TcpFrame.ACK, 2), six(TcpFrame.ACK, 2)}) {
      for (int length = 14; length < frame.length; length++) {
        TcpFrame.refusal(java.util.Arrays.copyOf(frame, length), 1, length - 1);
      }
      for (int at = 13; at < frame.length; at++) {
        for (int value = 0; value < 256; value++) {
          byte[] other = frame.clone();
          other[at] = (byte) value;
          refusal(other);
        }
      }
    }
  }
}
