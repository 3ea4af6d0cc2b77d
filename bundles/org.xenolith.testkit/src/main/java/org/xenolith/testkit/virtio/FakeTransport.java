// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.virtio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.kit.DescriptorChain;

/** A transport without registers: chains are given as address and length pairs, readable ones first. */
public final class FakeTransport implements VirtioTransport, Virtqueue {
  /** Chains that the driver has offered, as {@link #offer} puts them. */
  public final Deque<long[]> available = new ArrayDeque<>();
  /** Chains that were given back: head and bytes written, with a colon between them. */
  public final List<String> used = new ArrayList<>();
  /** How often the driver was interrupted. */
  public int interrupts;
  /** How often it was told that the configuration has changed. */
  public int changes;
  /** Whether there is a queue. */
  public boolean ready = true;
  /** Runs before a chain is given back. */
  public Runnable onUsed = () -> {};
  /** Head of the next chain that is taken. */
  public int nextHead;

  private final Map<Integer, long[]> taken = new HashMap<>();

  /** Offers a chain. @param readable how many of the buffers are readable */
  public void offer(int readable, long... addressAndLength) {
    long[] chain = Arrays.copyOf(addressAndLength, addressAndLength.length + 1);
    chain[addressAndLength.length] = readable;
    available.add(chain);
  }

  @Override
  public @Nullable Virtqueue queue(int index) {
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
  public @Nullable Chain next() {
    long[] offered = available.poll();
    if (offered == null) {
      return null;
    }
    int head = nextHead++ & 0xFF;
    taken.put(head, offered);
    return chain(head, offered);
  }

  @Override
  public @Nullable Chain again(int head) {
    return taken.containsKey(head) ? chain(head, taken.get(head)) : null;
  }

  private static Chain chain(int head, long[] offered) {
    DescriptorChain chain = new DescriptorChain().begin(head);
    int readable = (int) offered[offered.length - 1];
    for (int i = 0; i < offered.length / 2; i++) {
      chain.add(offered[2 * i], offered[2 * i + 1], i >= readable);
    }
    return chain;
  }

  @Override
  public void used(int head, int written) {
    onUsed.run();
    taken.remove(head);
    used.add(head + ":" + written);
  }
}
