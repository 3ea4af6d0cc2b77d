// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/** Answers semihosting calls, which software makes by HLT #0xF000 (Arm IHI 0072, "Semihosting for AArch32 and AArch64"). */
@ConsumerType
public interface SemihostingHandler {
  /**
   * Answers a call.
   *
   * @return what the caller finds in x0
   */
  long call(SemihostingCall call);

  /** One call. It is over, and another's, once it is answered. */
  @ProviderType
  interface SemihostingCall {
    /** Number of the operation: w0. */
    int operation();

    /** The parameter: x1, a number or an address, as the operation has it. */
    long parameter();

    /**
     * Fields of 64 bits of the block in the caller's memory that the parameter points to, as the caller would read them.
     *
     * @param count how many, from the first on
     * @return null if not all of them are in memory that the caller can read
     */
    long @Nullable [] fields(int count);
  }
}
