// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryBoundTest {

  @Test
  void theHeapCountsTwiceAsGuestsMemoryHasItsLimitToo() {
    String said = MemoryBound.said(3L << 30, 512 << 20);
    assertTrue(said.startsWith(
        "memory: the machine's RAM is 512 MiB; the process takes at most 6144 MiB, 3072 of Java's heap and 3072 of guests' memory outside of it"),
        said);
  }
}
