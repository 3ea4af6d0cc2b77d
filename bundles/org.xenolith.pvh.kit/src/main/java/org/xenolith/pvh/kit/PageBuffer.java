// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.kit;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xenolith.boot.api.BootException;
import org.xenolith.machine.kit.HostMemory;

/**
 * Takes what is unpacked, in pages that can be given back before the guest runs. A kernel is tens of megabytes, needed until they are copied; on the heap they would stay
 * beside the guest's memory, which the host then takes longer to give.
 */
public final class PageBuffer {
  /** No segment of an array has more. */
  private static final long MOST = Integer.MAX_VALUE - 16;
  private static final long LEAST = 1 << 20;

  private MemorySegment pages = MemorySegment.ofArray(new byte[0]);
  private long size;

  /** Empty. */
  public PageBuffer() {}

  /** Makes room for so many bytes. */
  public void expect(long bytes) {
    if (bytes > pages.byteSize()) {
      room(bytes);
    }
  }

  /** Takes the first bytes of an array. */
  public void add(byte[] from, int length) {
    add(from, 0, length);
  }

  /** Takes some bytes of an array. */
  public void add(byte[] from, int first, int length) {
    if (size + length > pages.byteSize()) {
      room(Math.max(size + length, Math.min(MOST, 2 * size)));
    }
    MemorySegment.copy(from, first, pages, ValueLayout.JAVA_BYTE, size, length);
    size += length;
  }

  private void room(long bytes) {
    if (bytes > MOST) {
      throw new BootException("the bzImage unpacks to more than 2 GiB, which no kernel has. Copy the file again.");
    }
    MemorySegment before = pages;
    try {
      pages = HostMemory.pages((int) Math.max(LEAST, bytes));
    } catch (OutOfMemoryError none) {
      throw new BootException("the host has no " + (bytes >> 20) + " MiB to unpack the kernel to: " + none.getMessage()
          + ". Unpack it before (the kernel's scripts/extract-vmlinux does), or leave more memory to this process.", none);
    }
    MemorySegment.copy(before, 0, pages, 0, size);
    HostMemory.takeBack(before);
  }

  /** How many bytes there are. */
  public long size() {
    return size;
  }

  /** All that was taken, which isn't copied. */
  public MemorySegment bytes() {
    return pages.asSlice(0, size);
  }

  /** Gives the memory back. What it took is gone. */
  public void release() {
    HostMemory.takeBack(pages);
  }
}
