// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** The physical address space of a machine. */
@ProviderType
public interface PhysicalBus {
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
