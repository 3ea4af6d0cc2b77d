// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An arm64 Image that does nothing but wait for interrupts (Linux: Documentation/arm64/booting.rst). */
final class SmallKernel {
  private static final int HEADER = 64;
  private static final int MAGIC = 0x644d5241;
  private static final int WFI = 0xd503207f;

  private SmallKernel() {}

  static byte[] bytes() {
    ByteBuffer image = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x1400_0000 | HEADER / 4);
    image.putLong(16, image.capacity());
    image.putLong(24, 0xa);
    image.putInt(56, MAGIC);
    image.putInt(HEADER, WFI);
    image.putInt(HEADER + 4, 0x17ff_ffff);
    return image.array();
  }
}
