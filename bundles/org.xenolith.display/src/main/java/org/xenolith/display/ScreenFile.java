// SPDX-License-Identifier: EPL-2.0
package org.xenolith.display;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import org.xenolith.console.api.Picture;

/**
 * Pictures as files (PNG). The JDK's writer is in the module that draws windows, an eighth of the archive's size, which nothing else of the product needs. Source: PNG, third edition (W3C), 5 and 11.2.
 */
final class ScreenFile {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  /** Each sample has eight bits, and pixels are red, green, blue; the only compression, filters and order of lines besides are 0. */
  private static final int DEPTH_AND_COLOUR = 8 << 8 | 2;
  private static final byte UNFILTERED = 0;

  private ScreenFile() {}

  static void write(Picture picture, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(SIGNATURE);
      chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(picture.width()).putInt(picture.height()).putShort((short) DEPTH_AND_COLOUR)
          .array());
      chunk(out, "IDAT", compressed(picture));
      chunk(out, "IEND", new byte[0]);
    }
  }

  private static byte[] compressed(Picture picture) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new DeflaterOutputStream(bytes)) {
      byte[] line = new byte[1 + 3 * picture.width()];
      line[0] = UNFILTERED;
      for (int y = 0; y < picture.height(); y++) {
        for (int x = 0, at = 1; x < picture.width(); x++) {
          int pixel = picture.at(x, y);
          line[at++] = (byte) (pixel >> 16);
          line[at++] = (byte) (pixel >> 8);
          line[at++] = (byte) pixel;
        }
        out.write(line);
      }
    }
    return bytes.toByteArray();
  }

  private static void chunk(OutputStream out, String type, byte[] content) throws IOException {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(content.length);
    data.write(name);
    data.write(content);
    data.writeInt((int) sum.getValue());
  }
}
