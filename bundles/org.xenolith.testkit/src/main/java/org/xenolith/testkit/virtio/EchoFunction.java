// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.virtio;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.Virtqueue;

/** Takes every chain at once and returns it with the length of its first buffer; remembers what it saw. */
public final class EchoFunction implements VirtioFunction {
  private final VirtioPort port;
  /** Each chain's head, buffers, and writable buffers. */
  public final List<String> chains = new ArrayList<>();
  /** The last chain, until the next one is taken; null before. */
  public Virtqueue.Chain chain;
  /** Features that were accepted, -1 before. */
  public long accepted = -1;
  /** How often the driver reset it. */
  public int resets;

  /** A function for a port, not plugged in. */
  public EchoFunction(VirtioPort port) {
    this.port = port;
  }

  @Override
  public int deviceId() {
    return 2;
  }

  @Override
  public long features() {
    return 1L << 6;
  }

  @Override
  public int queues() {
    return 1;
  }

  @Override
  public int maxQueueSize(int index) {
    return 256;
  }

  @Override
  public int configSize() {
    return 8;
  }

  @Override
  public long readConfig(int offset, int size) {
    return offset < 8 ? 0x1122_3344_5566_7788L >>> offset * 8 & (1L << size * 8) - 1 : 0;
  }

  @Override
  public void writeConfig(int offset, int size, long value) {}

  @Override
  public void accepted(long features) {
    accepted = features;
  }

  @Override
  public void notified(int index, Virtqueue q) {
    for (Virtqueue.Chain taken = q.next(); taken != null; taken = q.next()) {
      chain = taken;
      chains.add(chain.head() + ":" + chain.count() + ":" + chain.writable());
      q.used(chain.head(), chain.length(0));
      port.transport().interrupt(index);
    }
  }

  @Override
  public void resetByDriver() {
    resets++;
  }
}
