// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhdx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Makes an image in VHDX, for tests: sums right when it is {@link #bytes} again, and whatever else a test then makes wrong. */
final class SmallVhdx {
  static final int BLOCK = 1 << 20;
  static final int HEADER = 64 << 10;
  static final int REGIONS = 192 << 10;
  static final int METADATA = 2 << 20;
  static final int TABLE = 3 << 20;
  private static final int FIRST = 4 << 20;
  private static final int ITEMS = METADATA + (64 << 10);

  final ByteBuffer image;

  /** Blocks of zeros aren't in it, and the last one comes first. */
  SmallVhdx(byte[] content) {
    int blocks = (content.length + BLOCK - 1) / BLOCK;
    image = ByteBuffer.allocate(FIRST + blocks * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    put(0, "vhdxfile");
    for (int i = 0; i < 2; i++) {
      int header = HEADER + i * HEADER;
      put(header, "head");
      image.putLong(header + 8, 7 - i).putShort(header + 66, (short) 1);
      int regions = REGIONS + i * HEADER;
      put(regions, "regi");
      image.putInt(regions + 8, 2);
      region(regions + 16, "2dc27766-f623-4200-9d64-115e9bfd4a08", TABLE);
      region(regions + 48, "8b7ca206-4790-4b9a-b8fe-575f050f886e", METADATA);
    }
    put(METADATA, "metadata");
    image.putShort(METADATA + 10, (short) 3);
    item(0, "caa16737-fa36-4d43-b3b6-33f0aa44e76b", 8, BLOCK);
    item(1, "2fa54224-cd1b-4876-b211-5dbed83bf4b8", 8, content.length);
    item(2, "8141bf1d-a96f-4709-ba47-f233a8faab5f", 4, 512);
    int at = FIRST;
    for (int i = blocks - 1; i >= 0; i--) {
      byte[] block = Arrays.copyOfRange(content, i * BLOCK, Math.min(content.length, (i + 1) * BLOCK));
      boolean zeros = Arrays.equals(block, new byte[block.length]);
      image.putLong(TABLE + i * 8, zeros ? i % 4 : at | 6);
      if (!zeros) {
        image.put(at, block);
        at += BLOCK;
      }
    }
  }

  private void put(int at, String text) {
    image.put(at, text.getBytes(StandardCharsets.US_ASCII));
  }

  private void id(int at, String id) {
    UUID uuid = UUID.fromString(id);
    image.putInt(at, (int) (uuid.getMostSignificantBits() >>> 32)).putShort(at + 4, (short) (uuid.getMostSignificantBits() >>> 16))
        .putShort(at
            + 6, (short) uuid.getMostSignificantBits());
    image.order(ByteOrder.BIG_ENDIAN).putLong(at + 8, uuid.getLeastSignificantBits()).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void region(int at, String id, int place) {
    id(at, id);
    image.putLong(at + 16, place).putInt(at + 24, 1 << 20).putInt(at + 28, 1);
  }

  private void item(int index, String id, int bytes, long value) {
    int at = METADATA + 32 + index * 32;
    id(at, id);
    image.putInt(at + 16, ITEMS - METADATA + index * 8).putInt(at + 20, bytes).putInt(at + 24, 4);
    image.putLong(ITEMS + index * 8, value);
  }

  /** With the sums made right. */
  byte[] bytes() {
    for (int i = 0; i < 2; i++) {
      sum(HEADER + i * HEADER, 4096);
      sum(REGIONS + i * HEADER, 65536);
    }
    return image.array();
  }

  private void sum(int at, int bytes) {
    image.putInt(at + 4, 0);
    CRC32C sum = new CRC32C();
    sum.update(image.array(), at, bytes);
    image.putInt(at + 4, (int) sum.getValue());
  }
}
