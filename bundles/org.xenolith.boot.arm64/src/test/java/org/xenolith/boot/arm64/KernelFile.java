// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.arm64;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.GZIPOutputStream;

/** Makes kernel files for tests: a header and a counting pattern. */
record KernelFile(int fileSize, long textOffset, long imageSize, long flags) {
  static final long ANYWHERE = 0xa;

  static KernelFile of(int fileSize, long imageSize) {
    return new KernelFile(fileSize, 0, imageSize, ANYWHERE);
  }

  byte[] bytes() {
    byte[] file = new byte[fileSize];
    for (int i = 64; i < fileSize; i++) {
      file[i] = (byte) (i * 31 + (i >> 8));
    }
    ByteBuffer header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(8, textOffset).putLong(16, imageSize).putLong(24, flags).putInt(56, 0x644d5241);
    return file;
  }

  static byte[] gzip(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
