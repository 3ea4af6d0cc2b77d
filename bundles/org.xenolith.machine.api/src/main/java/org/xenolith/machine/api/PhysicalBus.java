// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** The physical address space of a machine. */
@ProviderType
public interface PhysicalBus {
  /**
   * The RAM chunk behind an address, allocated if it had not been touched; null if the address is a window or nothing. A
   * chunk stays the same object for the machine's life.
   */
  Ram ram(long address);

  /**
   * The chunk whose bytes a read or fetch at an address has: RAM, or the memory of a window that is direct now; null if the read
   * must go through {@link #read}. It may not be written. What is kept of one that isn't {@link #ram} holds until the CPU is told
   * that a window changed.
   */
  default Ram readable(long address) {
    return ram(address);
  }

  /**
   * Reads 1, 2, 4 or 8 bytes, naturally aligned.
   *
   * @throws ExternalAbort if nothing answers; the event log has been told
   */
  long read(long address, int size);

  /**
   * Writes 1, 2, 4 or 8 bytes, naturally aligned.
   *
   * @throws ExternalAbort if nothing answers; the event log has been told
   */
  void write(long address, int size, long value);
}
