// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The device side of a split virtqueue in guest memory (Virtual I/O Device 1.2, section 2.7). A malformed queue (loop, bad
 * index, address that nothing answers) marks the device as needing reset and ends the walk; it never throws.
 */
@ConsumerType
public interface Virtqueue {
  /**
   * Takes the next available chain into {@code chain}.
   *
   * @return false if there is none
   */
  boolean next(Chain chain);

  /** Returns a chain to the driver with the number of bytes written into it. */
  void used(Chain chain, int written);

  /** One descriptor chain: at most {@link #MAX} buffers, readable ones first. */
  final class Chain {
    /** Most buffers that a chain may have. */
    public static final int MAX = 1024;
    /** Index of the head descriptor. */
    public int head;
    /** Number of buffers. */
    public int count;
    /** Of those, the ones the device may write: the last ones. */
    public int writable;
    /** Guest addresses of the buffers. */
    public final long[] address = new long[MAX];
    /** Lengths in bytes. */
    public final int[] length = new int[MAX];
  }
}
