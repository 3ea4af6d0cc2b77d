// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;

/**
 * The vmlinux in a bzImage of Debian's, which QEMU enters by its PVH note: a bzImage it starts by the protocol of that. Source: Linux, Documentation/arch/x86/boot.rst;
 * LZ4 Frame Format, "Legacy frame".
 */
final class KernelPayload {
  private static final int MAGIC = 0x184C_2102;

  private KernelPayload() {}

  /** Writes it to a file. */
  static Path unpack(Path image, Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(image)).order(ByteOrder.LITTLE_ENDIAN);
    int at = ((bytes.get(0x1F1) & 0xFF) + 1) * 512 + bytes.getInt(0x248);
    // The last word of the payload is the length of what comes out.
    int end = at + bytes.getInt(0x24C) - 4;
    if (bytes.getInt(at) != MAGIC) {
      throw new AssertionError("Debian's kernel isn't compressed by LZ4 any more: " + Integer.toHexString(bytes.getInt(at)));
    }
    try (OutputStream out = Files.newOutputStream(file)) {
      for (at += 4; at + 4 <= end; at += 4 + bytes.getInt(at)) {
        new BlockLZ4CompressorInputStream(new ByteArrayInputStream(bytes.array(), at + 4, bytes.getInt(at))).transferTo(out);
      }
    }
    return file;
  }
}
