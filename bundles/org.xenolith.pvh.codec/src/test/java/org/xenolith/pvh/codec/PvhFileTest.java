// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PvhFileTest {
  @Test
  void whatIsWrittenIsAKernelWithThatEntryAndSegment() {
    byte[] file = PvhFile.of(new byte[] {1, 2, 3}, 0x10_0000, 0x5000, 0x10_0001);
    PvhKernel kernel = PvhKernel.parse(file);
    assertEquals(0x10_0001, kernel.entry());
    assertEquals(0x10_5000, kernel.end());
    assertEquals(64 + 2 * 56 + 20 + 3, file.length);
    assertEquals(3, file[file.length - 1]);
  }
}
