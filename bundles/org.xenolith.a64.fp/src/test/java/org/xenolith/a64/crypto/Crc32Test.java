// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.junit.jupiter.api.Test;

/** The check values of the two polynomials, and every operand width against the JDK's checksums. */
class Crc32Test {
  private static final byte[] CHECK = "123456789".getBytes(StandardCharsets.US_ASCII);

  @Test
  void checkValuesAreReproduced() {
    int crc = -1;
    int crcC = -1;
    for (byte b : CHECK) {
      crc = Crc32.crc32b(crc, b);
      crcC = Crc32.crc32cb(crcC, b);
    }
    assertEquals(0xCBF4_3926, ~crc);
    assertEquals(0xE306_9283, ~crcC);
  }

  @Test
  void everyWidthAddsItsBytesInMemoryOrder() {
    var random = new Random(0xC3C);
    ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    for (int n = 0; n < 1000; n++) {
      data.putLong(0, random.nextLong()).putLong(8, random.nextLong());
      int crc = Crc32.crc32x(-1, data.getLong(0));
      crc = Crc32.crc32w(crc, data.getInt(8));
      crc = Crc32.crc32h(crc, data.getShort(12));
      crc = Crc32.crc32b(Crc32.crc32b(crc, data.get(14)), data.get(15));
      assertEquals(of(new java.util.zip.CRC32(), data), ~crc);
      int crcC = Crc32.crc32cx(-1, data.getLong(0));
      crcC = Crc32.crc32cw(crcC, data.getInt(8));
      crcC = Crc32.crc32ch(crcC, data.getShort(12));
      crcC = Crc32.crc32cb(Crc32.crc32cb(crcC, data.get(14)), data.get(15));
      assertEquals(of(new CRC32C(), data), ~crcC);
    }
  }

  private static int of(Checksum checksum, ByteBuffer data) {
    checksum.update(data.array());
    return (int) checksum.getValue();
  }
}
