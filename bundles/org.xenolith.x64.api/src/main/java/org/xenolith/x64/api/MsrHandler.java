// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Answers RDMSR and WRMSR of model-specific registers that live in a device, such as those of a local APIC. The CPU has checked that the current privilege
 * level is 0.
 */
@ConsumerType
public interface MsrHandler {
  /**
   * RDMSR.
   *
   * @param msr number of the register
   * @throws MsrFault if it is refused
   */
  long read(Cpu cpu, int msr);

  /**
   * WRMSR.
   *
   * @throws MsrFault if it is refused
   */
  void write(Cpu cpu, int msr, long value);
}
