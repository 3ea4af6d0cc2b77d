// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import org.osgi.annotation.versioning.ConsumerType;

/** What an endpoint does besides its configuration space. Runs on the machine's thread. */
@ConsumerType
public interface PciDevice {
  /**
   * A read of 1, 2, 4 or 8 bytes, aligned.
   *
   * @param bar    number of the BAR
   * @param offset in it
   */
  long readBar(int bar, long offset, int size);

  /** A write of the low {@code size} bytes of {@code value}. */
  void writeBar(int bar, long offset, int size, long value);

  /** The function was reset by its bus, by function-level reset or by a return from D3hot: its configuration space is already. */
  void functionReset();
}
