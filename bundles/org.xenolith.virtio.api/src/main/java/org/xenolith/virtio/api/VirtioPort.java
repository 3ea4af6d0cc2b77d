// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.api;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DmaGate;
import org.xenolith.machine.api.DmaPort;

/**
 * The permanent place where a virtio transport and the function behind it meet; each may be absent or replaced while the
 * other stays.
 */
public final class VirtioPort {
  private VirtioFunction function;
  private VirtioTransport transport;
  private DmaPort memory;

  /** Transport: the function now behind it, or null. */
  public VirtioFunction function() {
    return function;
  }

  /** Function: the transport in front of it, or null. */
  public VirtioTransport transport() {
    return transport;
  }

  /** Function side: plugs in (or out with null) and tells the transport. */
  public void plug(VirtioFunction newFunction) {
    function = newFunction;
    if (transport != null) {
      transport.functionChanged();
    }
  }

  /** Function: memory as the transport in front of it reaches it; null if there is none, or if it doesn't say. */
  public DmaPort memory() {
    return memory;
  }

  /**
   * Function: the way to the memory of queues and buffers, by the transport that is in front of it at each access.
   *
   * @param own the function's own way, for as long as no transport says another
   */
  public DmaPort memoryOr(DmaPort own) {
    DmaGate gate = () -> memory != null ? memory : own;
    return gate;
  }

  /** Transport side: plugs in (or out with null); functions reach memory on their own. */
  public void connect(@Nullable VirtioTransport newTransport) {
    connect(newTransport, null);
  }

  /** Transport side: plugs in, with memory as everything behind it is to reach it. */
  public void connect(VirtioTransport newTransport, @Nullable DmaPort newMemory) {
    transport = newTransport;
    memory = newMemory;
  }
}
