// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.kit.DescriptorChain;

/** A transport without registers: chains are given as address and length pairs, readable ones first. */
final class FakeTransport implements VirtioTransport, Virtqueue {
  final Deque<long[]> available = new ArrayDeque<>();
  final List<String> used = new ArrayList<>();
  int interrupts;
  int changes;
  boolean ready = true;
  Runnable onUsed = () -> {};
  int nextHead;

  /** @param readable how many of the buffers are readable */
  void offer(int readable, long... addressAndLength) {
    long[] chain = Arrays.copyOf(addressAndLength, addressAndLength.length + 1);
    chain[addressAndLength.length] = readable;
    available.add(chain);
  }

  @Override
  public Virtqueue queue(int index) {
    return ready ? this : null;
  }

  @Override
  public void interrupt(int index) {
    interrupts++;
  }

  @Override
  public void configChanged() {
    changes++;
  }

  @Override
  public void functionChanged() {}

  @Override
  public Chain next() {
    long[] offered = available.poll();
    if (offered == null) {
      return null;
    }
    DescriptorChain chain = new DescriptorChain().begin(nextHead++ & 0xFF);
    int readable = (int) offered[offered.length - 1];
    for (int i = 0; i < offered.length / 2; i++) {
      chain.add(offered[2 * i], offered[2 * i + 1], i >= readable);
    }
    return chain;
  }

  @Override
  public void used(int head, int written) {
    onUsed.run();
    used.add(head + ":" + written);
  }
}
