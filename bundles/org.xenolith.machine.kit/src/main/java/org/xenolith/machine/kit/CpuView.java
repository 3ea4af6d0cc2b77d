// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.ModelException;

/**
 * A CPU as one device has it: {@link CpuPort#as} gives the view in the type of its architecture, by which the device claims what it answers for.
 * Claims are collected, take effect together with the device's others, and end with it.
 */
@ConsumerType
public interface CpuView extends CpuPort, AutoCloseable {
  /**
   * Puts what was claimed into effect.
   *
   * @throws ModelException if a claim collides with another device's
   */
  void commit();

  /** Undoes all that was claimed. */
  @Override
  void close();
}
