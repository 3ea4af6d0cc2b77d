// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.api.Virtqueue.Chain;

/**
 * A function's work on the chains of its queues, of one at a time. A driver may put a queue over the function's own registers, so
 * that using a chain notifies the function again: whatever is begun in the middle of a chain is refused.
 */
public final class ChainService {
  /** What is done with a chain. */
  @FunctionalInterface
  public interface Step {
    /** Does it; the chain is the function's until this returns. @return bytes written into the chain */
    int work(Chain chain);
  }

  private final VirtioPort port;
  private boolean busy;

  /** The work of the function at {@code port}. */
  public ChainService(VirtioPort port) {
    this.port = port;
  }

  /** Does every chain that the driver offers in a queue, then tells it: what {@link VirtioFunction#notified} asks for. */
  public void all(int index, Virtqueue queue, Step step) {
    if (busy) {
      return;
    }
    for (boolean more = true; more;) {
      more = next(queue, step);
    }
    interrupt(index);
  }

  /**
   * Does the next chain of a queue, for what comes without the driver's asking; {@link #interrupt} then tells it.
   *
   * @return false if there is none, also because no transport is in front, the queue is not ready, or a chain is being worked on
   */
  public boolean one(int index, Step step) {
    VirtioTransport transport = port.transport();
    Virtqueue queue = transport == null || busy ? null : transport.queue(index);
    return queue != null && next(queue, step);
  }

  /** Chains that the driver offers in a queue; {@link Integer#MAX_VALUE} if it offers none because it doesn't use the function. */
  public int available(int index) {
    Virtqueue queue = queue(index);
    return queue == null ? Integer.MAX_VALUE : queue.available();
  }

  /** Most chains that a driver can offer in a queue. */
  public int size(int index) {
    Virtqueue queue = queue(index);
    return queue == null ? Integer.MAX_VALUE : queue.size();
  }

  private @Nullable Virtqueue queue(int index) {
    VirtioTransport transport = port.transport();
    return transport == null ? null : transport.queue(index);
  }

  private boolean next(Virtqueue queue, Step step) {
    busy = true;
    try {
      Chain chain = queue.next();
      if (chain == null) {
        return false;
      }
      int head = chain.head();
      queue.used(head, step.work(chain));
      return true;
    } finally {
      busy = false;
    }
  }

  /** Tells the driver that chains of a queue were used, if a transport is in front. */
  public void interrupt(int index) {
    VirtioTransport transport = port.transport();
    if (transport != null) {
      transport.interrupt(index);
    }
  }
}
