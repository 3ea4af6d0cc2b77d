// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

/** The part of a machine's memory that a boot loader writes to. */
@FunctionalInterface
public interface GuestMemory {
  /**
   * Copies bytes to physical memory.
   *
   * @param address physical address of the first byte
   * @param data source array
   * @param offset first byte in the array
   * @param length number of bytes
   */
  void write(long address, byte[] data, int offset, int length);
}
