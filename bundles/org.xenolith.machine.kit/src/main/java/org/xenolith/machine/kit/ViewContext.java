// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import org.osgi.annotation.versioning.ProviderType;

/** The device that a {@link CpuView} is made for. */
@ProviderType
public interface ViewContext {
  /** Unique name of the device in its machine. */
  String instance();

  /** Position among the machine's devices: where several may answer, they are asked in this order. */
  int order();

  /** What the device gave to the CPU threw: takes the device off, and only it. */
  void failed(Throwable bug);

  /** A CPU asks the device something: what the device does now is done in that CPU's name. @param cpu position among the machine's CPUs */
  void entered(int cpu);
}
