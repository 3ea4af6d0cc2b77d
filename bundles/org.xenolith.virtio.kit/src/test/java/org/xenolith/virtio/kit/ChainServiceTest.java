// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;

class ChainServiceTest {
  private final List<String> seen = new ArrayList<>();
  private final VirtioPort port = new VirtioPort();
  private final ChainService work = new ChainService(port);
  private int offered;
  private boolean ready = true;
  private Runnable whileUsing = () -> {};

  private final Virtqueue queue = new Virtqueue() {
    @Override
    public Chain next() {
      return offered-- > 0 ? new DescriptorChain().begin(offered + 1) : null;
    }

    @Override
    public void used(int head, int written) {
      seen.add("used " + head + " with " + written);
      whileUsing.run();
    }
  };

  private void connect() {
    port.connect(new VirtioTransport() {
      @Override
      public Virtqueue queue(int index) {
        return ready && index == 1 ? queue : null;
      }

      @Override
      public void interrupt(int index) {
        seen.add("interrupt " + index);
      }

      @Override
      public void configChanged() {}

      @Override
      public void functionChanged() {}
    });
  }

  @Test
  void allChainsAreUsedAndTheDriverIsToldOnce() {
    connect();
    offered = 2;
    work.all(1, queue, chain -> chain.head() * 10);
    assertEquals(List.of("used 2 with 20", "used 1 with 10", "interrupt 1"), seen);
  }

  @Test
  void oneChainIsUsedAndTheDriverNotTold() {
    connect();
    offered = 1;
    assertTrue(work.one(1, chain -> 7));
    assertFalse(work.one(1, chain -> 7), "there is no second one");
    assertEquals(List.of("used 1 with 7"), seen);
    work.interrupt(1);
    assertEquals("interrupt 1", seen.getLast());
  }

  @Test
  void whatIsNotReadyIsNotUsed() {
    offered = 1;
    assertFalse(work.one(1, chain -> 7), "no transport");
    work.interrupt(1);
    connect();
    ready = false;
    assertFalse(work.one(1, chain -> 7), "no queue");
    assertEquals(List.of(), seen);
    assertEquals(1, offered);
  }

  /** The driver's used ring lies over the register that notifies. */
  @Test
  void workThatIsBegunInTheMiddleOfAChainIsRefused() {
    connect();
    offered = 3;
    whileUsing = () -> {
      work.all(1, queue, chain -> 99);
      assertFalse(work.one(1, chain -> 99));
    };
    work.all(1, queue, chain -> 0);
    assertEquals(List.of("used 3 with 0", "used 2 with 0", "used 1 with 0", "interrupt 1"), seen);
  }

  @Test
  void aStepThatThrowsDoesNotEndAllWork() {
    connect();
    offered = 2;
    assertThrows(IllegalStateException.class, () -> work.one(1, chain -> {
      throw new IllegalStateException();
    }));
    assertTrue(work.one(1, chain -> 5));
    assertEquals(List.of("used 1 with 5"), seen);
  }
}
