// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xenolith.virtio.api.Virtqueue;

class DescriptorChainTest {
  private final DescriptorChain chain = new DescriptorChain().begin(7);

  @Test
  void buffersAreInOrderAndTheWritableOnesAreTheLast() {
    assertTrue(chain.add(0x1000, 16, false));
    assertTrue(chain.add(0x2000, 512, true));
    assertFalse(chain.add(0x3000, 1, false), "a readable one behind a writable one");
    assertEquals("7 2 1 1000 512", chain.head() + " " + chain.count() + " " + chain.writable() + " " + Long.toHexString(chain.address(0))
        + " "
        + chain.length(1));
  }

  @Test
  void thereAreSoManyAndNoMore() {
    for (int i = 0; i < Virtqueue.MAX_BUFFERS; i++) {
      assertTrue(chain.add(i, i, false));
    }
    assertFalse(chain.add(0, 1, false));
    assertEquals(Virtqueue.MAX_BUFFERS - 1, chain.address(Virtqueue.MAX_BUFFERS - 1));
    assertEquals(0, chain.begin(3).count());
  }

  @Test
  void whatNoArrayCanHoldIsRefused() {
    assertFalse(chain.add(0, 0x8000_0000L, false));
    assertEquals(0, chain.count());
  }
}
