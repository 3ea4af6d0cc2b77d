// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A disc with one file (ECMA-119, level 1): what a guest mounts as iso9660. */
final class IsoImage {
  private static final int BLOCK = 2048;
  private static final int DESCRIPTOR = 16;
  private static final int TERMINATOR = 17;
  private static final int LITTLE_PATHS = 18;
  private static final int BIG_PATHS = 19;
  private static final int ROOT = 20;
  private static final int FILE = 21;
  private static final int PATHS = 10;
  private static final int FOLDER = 2;
  private static final String SYSTEM = "CD001\u0001";

  private IsoImage() {}

  /** @param name of the file, such as {@code DATA.BIN;1} */
  static byte[] of(String name, byte[] content) {
    int blocks = FILE + (content.length + BLOCK - 1) / BLOCK;
    byte[] image = new byte[blocks * BLOCK];
    ByteBuffer buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
    int volume = DESCRIPTOR * BLOCK;
    Arrays.fill(image, volume + 8, volume + 72, (byte) ' ');
    image[volume] = 1;
    text(image, volume + 1, SYSTEM);
    text(image, volume + 40, "XENOLITH");
    both(buffer, volume + 80, blocks);
    both2(buffer, volume + 120, 1);
    both2(buffer, volume + 124, 1);
    both2(buffer, volume + 128, BLOCK);
    both(buffer, volume + 132, PATHS);
    buffer.putInt(volume + 140, LITTLE_PATHS);
    buffer.putInt(volume + 148, Integer.reverseBytes(BIG_PATHS));
    record(buffer, volume + 156, ROOT, BLOCK, FOLDER, "\0");
    Arrays.fill(image, volume + 190, volume + 813, (byte) ' ');
    for (int date = 813; date < 881; date += 17) {
      text(image, volume + date, "0000000000000000");
    }
    image[volume + 881] = 1;
    image[TERMINATOR * BLOCK] = (byte) 0xFF;
    text(image, TERMINATOR * BLOCK + 1, SYSTEM);
    image[LITTLE_PATHS * BLOCK] = 1;
    buffer.putInt(LITTLE_PATHS * BLOCK + 2, ROOT);
    buffer.putShort(LITTLE_PATHS * BLOCK + 6, (short) 1);
    image[BIG_PATHS * BLOCK] = 1;
    buffer.putInt(BIG_PATHS * BLOCK + 2, Integer.reverseBytes(ROOT));
    buffer.putShort(BIG_PATHS * BLOCK + 6, Short.reverseBytes((short) 1));
    int at = ROOT * BLOCK;
    at += record(buffer, at, ROOT, BLOCK, FOLDER, "\0");
    at += record(buffer, at, ROOT, BLOCK, FOLDER, "\u0001");
    record(buffer, at, FILE, content.length, 0, name);
    System.arraycopy(content, 0, image, FILE * BLOCK, content.length);
    return image;
  }

  private static void text(byte[] image, int at, String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, image, at, ascii.length);
  }

  /** A number in both byte orders, one behind the other (7.3.3). */
  private static void both(ByteBuffer buffer, int at, int value) {
    buffer.putInt(at, value).putInt(at + 4, Integer.reverseBytes(value));
  }

  private static void both2(ByteBuffer buffer, int at, int value) {
    buffer.putShort(at, (short) value).putShort(at + 2, Short.reverseBytes((short) value));
  }

  /** A record of a directory (9.1). @return its bytes */
  private static int record(ByteBuffer buffer, int at, int block, int length, int flags, String name) {
    int bytes = 33 + name.length() + (name.length() + 1) % 2;
    buffer.put(at, (byte) bytes);
    both(buffer, at + 2, block);
    both(buffer, at + 10, length);
    buffer.put(at + 18, (byte) 100).put(at + 19, (byte) 1).put(at + 20, (byte) 1);
    buffer.put(at + 25, (byte) flags);
    both2(buffer, at + 28, 1);
    buffer.put(at + 32, (byte) name.length());
    text(buffer.array(), at + 33, name);
    return bytes;
  }
}
