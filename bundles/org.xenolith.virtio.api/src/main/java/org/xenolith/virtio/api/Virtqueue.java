// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The device side of a split virtqueue in guest memory (Virtual I/O Device 1.2, section 2.7). A malformed queue (loop, bad
 * index, address that nothing answers) marks the device as needing reset and ends the walk; it never throws.
 */
@ConsumerType
public interface Virtqueue {
  /** Most buffers that a chain may have. */
  int MAX_BUFFERS = 1024;

  /**
   * Takes the next available chain.
   *
   * @return the chain, which is the caller's until the next one is taken from this queue; null if there is none, or none at once as others
   *         had too many descriptors: then {@link VirtioFunction#notified} is called again, soon in virtual time
   */
  @Nullable
  Chain next();

  /**
   * A chain that was taken before and not given back: for work that goes on later. The driver has no business changing it meanwhile, and may have.
   *
   * @param head index of its head descriptor
   * @return the chain, which is the caller's until another one is asked for; null if there is none, or the queue can't tell
   */
  default @Nullable Chain again(int head) {
    return null;
  }

  /** Chains that the driver offers now and that weren't taken yet; {@link Integer#MAX_VALUE} if the queue can't tell, or isn't used. */
  default int available() {
    return Integer.MAX_VALUE;
  }

  /** Most chains that a driver can offer at once. */
  default int size() {
    return Integer.MAX_VALUE;
  }

  /**
   * Returns a chain to the driver.
   *
   * @param head    index of its head descriptor
   * @param written bytes that were written into it
   */
  void used(int head, int written);

  /** One descriptor chain: at most {@link #MAX_BUFFERS} buffers, readable ones first. */
  interface Chain {
    /** Index of the head descriptor. */
    int head();

    /** Number of buffers. */
    int count();

    /** Of those, the ones the device may write: the last ones. */
    int writable();

    /** Guest address of a buffer. @param buffer 0 to {@link #count()} - 1 */
    long address(int buffer);

    /** Length of a buffer in bytes. @param buffer 0 to {@link #count()} - 1 */
    int length(int buffer);
  }
}
