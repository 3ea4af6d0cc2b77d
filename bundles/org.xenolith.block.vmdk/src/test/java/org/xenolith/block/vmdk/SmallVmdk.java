// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Makes sparse extents, for tests: grains of 8 sectors, 16 to a table; grains of zeros aren't in it, and the last one comes first. */
final class SmallVmdk {
  static final int GRAIN = 8 * 512;
  static final int PER_TABLE = 16;

  private SmallVmdk() {}

  static byte[] sparse(byte[] content, boolean packed, String description) {
    int grains = (content.length + GRAIN - 1) / GRAIN;
    int tables = (grains + PER_TABLE - 1) / PER_TABLE;
    ByteBuffer image = ByteBuffer.allocate((8 + tables + 2) * 512 + grains * 2 * GRAIN + 2048).order(ByteOrder.LITTLE_ENDIAN);
    image.put(512, description.getBytes(StandardCharsets.US_ASCII));
    int directory = 4;
    int first = directory + 1 + tables;
    int at = first * 512;
    for (int i = grains - 1; i >= 0; i--) {
      byte[] grain = Arrays.copyOf(Arrays.copyOfRange(content, i * GRAIN, Math.min(content.length, (i + 1) * GRAIN)), GRAIN);
      int table = directory + 1 + i / PER_TABLE;
      image.putInt(directory * 512 + i / PER_TABLE * 4, table);
      if (Arrays.equals(grain, new byte[GRAIN])) {
        continue;
      }
      image.putInt(table * 512 + i % PER_TABLE * 4, at / 512);
      byte[] stored = packed ? packed(i, grain) : grain;
      image.put(at, stored);
      at += (stored.length + 511) / 512 * 512;
    }
    int flags = packed ? 1 | 1 << 16 | 1 << 17 : 1;
    image.put(0, header(flags, content.length / 512, packed ? -1 : directory, description, packed));
    if (packed) {
      // The footer between its marker and that of the end.
      image.put(at + 512, header(flags, content.length / 512, directory, description, true));
      at += 3 * 512;
    }
    return Arrays.copyOf(image.array(), at);
  }

  private static byte[] packed(int grain, byte[] content) {
    Deflater deflater = new Deflater();
    deflater.setInput(content);
    deflater.finish();
    byte[] packed = new byte[2 * GRAIN];
    int size = deflater.deflate(packed);
    deflater.end();
    return ByteBuffer.allocate(12 + size).order(ByteOrder.LITTLE_ENDIAN).putLong(grain * 8L).putInt(size).put(packed, 0, size).array();
  }

  private static byte[] header(int flags, long capacity, long directory, String description, boolean packed) {
    return ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN).put("KDMV".getBytes(StandardCharsets.US_ASCII)).putInt(packed ? 3 : 1)
        .putInt(flags).putLong(capacity).putLong(8).putLong(description.isEmpty() ? 0 : 1).putLong(description.isEmpty() ? 0 : 2).putInt(
            PER_TABLE).putLong(0).putLong(directory).putShort(77, (short) (packed ? 1 : 0)).array();
  }
}
