// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * One hypercall in progress, by whatever instruction and registers the architecture has for it (public headers {@code arch-arm.h}, {@code arch-x86/xen-x86_64.h}).
 * The object is used again for the next call: nobody keeps it.
 */
@ProviderType
public interface Hypercall {
  /** The number. */
  int number();

  /** Argument 0 to 4. */
  long argument(int index);

  /** The virtual CPU that calls. */
  Vcpu vcpu();

  /** Its domain. */
  Domain domain();

  /**
   * Copies from the caller's memory, by a virtual address as its kernel sees it.
   *
   * @return false if some of it can't be read: the answer is -EFAULT
   */
  boolean read(long va, byte[] to, int offset, int length);

  /**
   * Copies to the caller's memory, by a virtual address as its kernel sees it.
   *
   * @return false if some of it can't be written: the answer is -EFAULT
   */
  boolean write(long va, byte[] from, int offset, int length);

  /** The call is made again when the vCPU executes next, with its registers as they are: for long or waiting operations. */
  void again();

  /**
   * Bytes of the caller's words: 8, or 4 of code whose structures have the layouts of {@link org.xenolith.xen.abi.NarrowLayout}. A list of frame
   * numbers, indices or addresses in its memory has words of that size.
   */
  default int wordSize() {
    return 8;
  }

  /** Changes argument 0 to 4 for {@link #again}. */
  void argument(int index, long value);
}
