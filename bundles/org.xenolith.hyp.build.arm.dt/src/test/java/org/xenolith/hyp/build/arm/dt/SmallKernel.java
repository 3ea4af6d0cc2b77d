// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The header of an arm64 kernel and a page that can be recognised. */
final class SmallKernel {
  private SmallKernel() {}

  static byte[] file(long textOffset, long size) {
    byte[] file = new byte[4096];
    for (int i = 64; i < file.length; i++) {
      file[i] = (byte) i;
    }
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(8, textOffset).putLong(16, size).putInt(56, 0x644d5241);
    return file;
  }
}
