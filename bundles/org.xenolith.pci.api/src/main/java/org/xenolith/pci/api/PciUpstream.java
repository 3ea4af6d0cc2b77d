// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.DmaPort;

/** What is above a bus: a host bridge, or a bridge to another bus. */
@ConsumerType
public interface PciUpstream {
  /**
   * The way to memory for a requester.
   *
   * @param requester its id: bus 15:8, device 7:3, function 2:0
   */
  DmaPort requester(int requester);

  /**
   * An interrupt pin of a device on the bus changes.
   *
   * @param devfn device 7:3, function 2:0
   * @param pin   1 for INTA to 4 for INTD
   */
  void interrupt(int devfn, int pin, boolean level);

  /**
   * Two functions claim the same addresses, so that neither answers there until one gives way.
   *
   * @param which their places, for people
   */
  default void overlap(String which) {}

  /**
   * A power management event (PME) of a function below. Without a root port in between nobody hears it.
   *
   * @param requester its id: bus 15:8, device 7:3, function 2:0
   */
  default void wake(int requester) {}

  /**
   * A function below tells of an error. Without a root port in between nobody hears it.
   *
   * @param requester its id: bus 15:8, device 7:3, function 2:0
   */
  default void error(int requester, PciErrorMessage message) {}

  /** What is decoded below has changed. */
  void decodeChanged();
}
