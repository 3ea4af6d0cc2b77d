// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The input side of an interrupt controller model. */
@ConsumerType
public interface InterruptInputs {
  /**
   * Which input an interrupt specifier of the device tree names.
   *
   * @param specifier the cells, as many as {@code #interrupt-cells}
   * @return the controller's input number, or -1 if the cells name none
   */
  int input(int[] specifier);

  /**
   * The level of an input changed.
   *
   * @param cpu index of the CPU for a private input, else -1
   */
  void set(int input, int cpu, boolean level);
}
