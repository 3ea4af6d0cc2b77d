// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Frames made by hand; what others pack is in the tests of who boots it. */
class LegacyLz4Test {
  private static final int MAGIC = 0x184C_2102;

  /** A frame of blocks: letters stand for themselves, numbers are written so in blanks. */
  private static byte[] frame(String... blocks) {
    ByteBuffer frame = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN).putInt(MAGIC);
    for (String block : blocks) {
      String[] words = block.split(" ");
      int length = frame.position();
      frame.putInt(0);
      for (String word : words) {
        if (Character.isDigit(word.charAt(0))) {
          frame.put((byte) (int) Integer.decode(word));
        } else {
          frame.put(word.getBytes(StandardCharsets.US_ASCII));
        }
      }
      frame.putInt(length, frame.position() - length - 4);
    }
    byte[] all = new byte[frame.position()];
    frame.get(0, all);
    return all;
  }

  private static String unpacked(byte[] frame, long limit) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LegacyLz4.unpack(frame, 0, frame.length, limit, (bytes, length) -> out.write(bytes, 0, length));
    return out.toString(StandardCharsets.US_ASCII);
  }

  private static String unpacked(byte[] frame) throws IOException {
    return unpacked(frame, 1 << 20);
  }

  private static void damaged(String why, String block) {
    String said = assertThrows(IOException.class, () -> unpacked(frame(block))).getMessage();
    assertTrue(said.contains(why), said);
  }

  @Test
  void literalsAndMatchesComeOut() throws IOException {
    byte[] frame = frame("0x40 abcd 4 0 0x10 !");
    assertEquals("abcdabcd!", unpacked(frame));
  }

  @Test
  void aMatchMayGoOnInWhatItMakes() throws IOException {
    assertEquals("abababababab!", unpacked(frame("0x26 ab 2 0 0x10 !")));
    assertEquals("a".repeat(1 + 4 + 15 + 255 + 3), unpacked(frame("0x1f a 1 0 255 3")));
  }

  @Test
  void blocksAndFramesFollowEachOther() throws IOException {
    byte[] one = frame("0x20 ab", "0x30 cde");
    byte[] two = ByteBuffer.allocate(2 * one.length).put(one).put(one).array();
    assertEquals("abcdeabcde", unpacked(two));
    assertEquals("ab".repeat(8) + "c", unpacked(frame("0xf0 2 ababababababababc")));
  }

  @Test
  void whatIsDamagedIsSaid() {
    damaged("names 4 literals, and its block ends 3 bytes behind", "0x40 abc");
    damaged("is cut off in a length", "0xf0 255");
    damaged("is cut off in its match", "0x10 a 1");
    damaged("names bytes 0 before it, of 1", "0x10 a 0 0");
    damaged("names bytes 2 before it, of 1", "0x10 a 2 0");
  }

  @Test
  void aBlockIsAllThere() {
    byte[] frame = frame("0x40 abcd");
    frame[4] = 9;
    String said = assertThrows(IOException.class, () -> unpacked(frame)).getMessage();
    assertTrue(said.contains("at byte 8 of the payload is said to have 9 bytes"), said);
  }

  @Test
  void aMatchDoesNotReachBeforeItsBlock() {
    String said = assertThrows(IOException.class, () -> unpacked(frame("0x40 abcd", "0x10 a 4 0"))).getMessage();
    assertTrue(said.contains("names bytes 4 before it, of 1"), said);
  }

  @Test
  void noMoreThanIsAllowedComesOut() throws IOException {
    byte[] frame = frame("0x1f a 1 0 255 3");
    assertEquals(278, unpacked(frame, 278).length());
    assertThrows(LegacyLz4.TooLarge.class, () -> unpacked(frame, 277));
    byte[] two = frame("0x30 abc", "0x30 def");
    assertEquals("abcdef", unpacked(two, 6));
    assertThrows(LegacyLz4.TooLarge.class, () -> unpacked(two, 5));
  }

  /** A file may have something before the frame, and behind it. */
  @Test
  void aFrameIsAPartOfItsFile() throws IOException {
    byte[] frame = frame("0x40 abcd");
    byte[] file = ByteBuffer.allocate(frame.length + 14).put(7, frame).putInt(7 + frame.length, 1).array();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LegacyLz4.unpack(file, 7, 7 + frame.length, 4, (bytes, length) -> out.write(bytes, 0, length));
    assertEquals("abcd", out.toString(StandardCharsets.US_ASCII));
    String said = assertThrows(IOException.class, () -> LegacyLz4.unpack(file, 7, 6 + frame.length, 4, (bytes, length) -> {}))
        .getMessage();
    assertTrue(said.contains("at byte 8 of the payload"), said);
  }
}
