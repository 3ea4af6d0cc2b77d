// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The physical address space of a machine. What an architecture has as I/O ports is a second one behind it: the {@link #PORT_COUNT} bytes from
 * {@link #PORTS} on, where no memory access of a CPU reaches.
 */
@ProviderType
public interface PhysicalBus {
  /**
   * Where I/O port 0 is. A tree says so in the {@code ranges} of its ISA bus, whose addresses have two cells, the first one 1 for I/O (IEEE 1275, ISA/EISA/ISA-PnP
   * binding, 2.1.1): {@code ranges = <1 0 0x80000000 0 0x10000>}.
   */
  long PORTS = 1L << 63;
  /** Number of I/O ports. */
  int PORT_COUNT = 1 << 16;

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
