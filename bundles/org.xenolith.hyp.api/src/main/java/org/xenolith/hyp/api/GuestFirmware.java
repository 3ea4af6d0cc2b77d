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
   * @param arguments eight values from the caller's registers, as its architecture has them for such calls; the first {@link #results} are what it finds there
   */
  void call(Vcpu vcpu, long[] arguments);

  /** How many values the caller gets, 1 to 8; an architecture may give more. */
  default int results() {
    return 4;
  }
}
