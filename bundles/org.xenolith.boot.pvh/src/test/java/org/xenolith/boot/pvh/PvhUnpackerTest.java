// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.pvh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAOutputStream;
import org.tukaani.xz.XZOutputStream;
import org.xenolith.boot.api.BootException;
import org.xenolith.pvh.codec.BzImage;

class PvhUnpackerTest {
  private static final byte[] KERNEL = "any kernel".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  private static final int LIMIT = 1 << 20;

  private static BzImage image(byte[] payload) {
    ByteBuffer file = ByteBuffer.allocate(1024 + payload.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0x1F1, (byte) 1).putInt(0x202, 0x5372_6448).putShort(0x206, (short) 0x20F).putInt(0x24C, payload.length + 4).put(1024,
        payload);
    return BzImage.parse(file.array());
  }

  private static byte[] lzma() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (LZMAOutputStream lzma = new LZMAOutputStream(out, new LZMA2Options(), -1)) {
      lzma.write(KERNEL);
    }
    return out.toByteArray();
  }

  @Test
  void lzmaAndXzAreUnpacked() throws IOException {
    assertArrayEquals(KERNEL, PvhUnpacker.unpack(image(lzma()), LIMIT));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(out, new LZMA2Options())) {
      xz.write(KERNEL);
    }
    assertArrayEquals(KERNEL, PvhUnpacker.unpack(image(out.toByteArray()), LIMIT));
  }

  /** The header of LZMA alone: properties, the dictionary's size in 4 bytes. It is allocated before anything is looked at. */
  @Test
  void dictionaryThatNoKernelHasIsRefused() throws IOException {
    byte[] file = lzma();
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(1, 1 << 30);
    String said = assertThrows(BootException.class, () -> PvhUnpacker.unpack(image(file), LIMIT)).getMessage();
    assertTrue(said.contains("1024 MiB for its dictionary"), said);
  }
}
