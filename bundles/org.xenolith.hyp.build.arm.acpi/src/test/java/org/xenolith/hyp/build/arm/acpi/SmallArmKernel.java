// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The header of an arm64 kernel. */
final class SmallArmKernel {
  private SmallArmKernel() {}

  /** @param size of memory that it takes */
  static byte[] file(long size) {
    byte[] file = new byte[4096];
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(16, size).putInt(56, 0x644d5241);
    return file;
  }
}
