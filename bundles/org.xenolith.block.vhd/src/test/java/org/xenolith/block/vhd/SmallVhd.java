// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vhd;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes images in VHD, for tests: sums right, and whatever else a test then makes wrong. */
final class SmallVhd {
  static final int BLOCK = 4096;

  private SmallVhd() {}

  static ByteBuffer footer(int type, long size) {
    ByteBuffer footer = ByteBuffer.allocate(512);
    footer.put("conectix".getBytes(StandardCharsets.US_ASCII)).putInt(2).putInt(0x10000).putLong(type == 2 ? -1 : 512);
    footer.put(28, "win ".getBytes(StandardCharsets.US_ASCII)).putLong(40, size).putLong(48, size).putInt(60, type);
    return summed(footer, 64);
  }

  static ByteBuffer summed(ByteBuffer structure, int at) {
    structure.putInt(at, 0);
    int sum = 0;
    for (byte one : structure.array()) {
      sum += one & 0xFF;
    }
    return structure.putInt(at, ~sum);
  }

  static byte[] fixed(byte[] content) {
    byte[] image = Arrays.copyOf(content, content.length + 512);
    System.arraycopy(footer(2, content.length).array(), 0, image, content.length, 512);
    return image;
  }

  /** Blocks of zeros aren't in it, and the last one comes first. */
  static byte[] dynamic(byte[] content) {
    int blocks = (content.length + BLOCK - 1) / BLOCK;
    int first = 512 + 1024 + 512;
    ByteBuffer image = ByteBuffer.allocate(first + blocks * (512 + BLOCK) + 512);
    ByteBuffer header = ByteBuffer.allocate(1024).put("cxsparse".getBytes(StandardCharsets.US_ASCII)).putLong(-1).putLong(512 + 1024)
        .putInt(
            0x10000).putInt(blocks).putInt(BLOCK);
    image.put(footer(3, content.length).array()).put(512, summed(header, 36).array());
    int at = first;
    for (int i = blocks - 1; i >= 0; i--) {
      byte[] block = Arrays.copyOf(Arrays.copyOfRange(content, i * BLOCK, Math.min(content.length, (i + 1) * BLOCK)), BLOCK);
      boolean zeros = Arrays.equals(block, new byte[BLOCK]);
      image.putInt(512 + 1024 + i * 4, zeros ? -1 : at / 512);
      if (!zeros) {
        image.put(at + 512, block);
        at += 512 + BLOCK;
      }
    }
    image.put(at, footer(3, content.length).array());
    return Arrays.copyOf(image.array(), at + 512);
  }
}
