// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.platform.api.AddressWindow;

/**
 * One host bridge as the hypervisor's driver works it: configuration cycles by MMIO on the bridge's registers, with what its
 * defects take. Runs on the machine's thread.
 */
@ConsumerType
public interface HostBridge extends PciConfiguration {
  /** Number of its root bus. */
  int firstBus();

  /** The last bus behind it. */
  int lastBus();

  /**
   * The windows by which software makes configuration cycles, whole pages: who has them mapped reaches every function behind the
   * bridge. For an ECAM bridge its ECAM; for one with a selector register, that register's page too.
   */
  List<AddressWindow> configuration();

  /**
   * The hardware domain reads in one of those windows, which it doesn't have: does what its driver means by that. What are
   * configuration cycles goes to {@code seen}; other registers are passed to the bridge, or answered with what the domain wrote.
   *
   * @param size 1, 2, 4 or 8 bytes
   */
  long trappedRead(PciConfiguration seen, long address, int size);

  /** The hardware domain writes in one of those windows. */
  void trappedWrite(PciConfiguration seen, long address, int size, long value);
}
