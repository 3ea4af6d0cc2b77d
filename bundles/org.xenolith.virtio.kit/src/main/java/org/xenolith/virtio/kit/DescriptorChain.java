// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import java.util.Arrays;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.api.Virtqueue.Chain;

/** A chain that is filled buffer by buffer and used again for the next one. */
public final class DescriptorChain implements Chain {
  private static final int USUAL = 16;
  private int head;
  private int count;
  private int writable;
  private long[] address = new long[USUAL];
  private int[] length = new int[USUAL];

  /** Begins a chain without buffers. @param newHead index of its head descriptor */
  public DescriptorChain begin(int newHead) {
    head = newHead;
    count = 0;
    writable = 0;
    return this;
  }

  /**
   * Adds a buffer.
   *
   * @param bytes   how long it is, unsigned
   * @param written whether the device may write it
   * @return false if it can't be: there are {@link Virtqueue#MAX_BUFFERS}, it is longer than 2³¹ - 1, or a readable one behind writable ones
   */
  public boolean add(long at, long bytes, boolean written) {
    if (count == Virtqueue.MAX_BUFFERS || bytes > Integer.MAX_VALUE || !written && writable > 0) {
      return false;
    }
    if (count == address.length) {
      address = Arrays.copyOf(address, 2 * count);
      length = Arrays.copyOf(length, 2 * count);
    }
    address[count] = at;
    length[count] = (int) bytes;
    count++;
    writable += written ? 1 : 0;
    return true;
  }

  @Override
  public int head() {
    return head;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int writable() {
    return writable;
  }

  @Override
  public long address(int buffer) {
    return address[buffer];
  }

  @Override
  public int length(int buffer) {
    return length[buffer];
  }
}
