// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Answers a guest's calls of firmware, by whatever instruction the architecture has for them (on Arm DEN 0028). */
@ConsumerType
public interface GuestFirmware {
  /** Whether it answers a function identifier (w0). */
  boolean answers(int function);

  /**
   * Answers.
   *
   * @param arguments x0 to x7; what is in 0 to 3 on return are x0 to x3
   */
  void call(Vcpu vcpu, long[] arguments);
}
