// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/** Answers firmware calls by the SMC Calling Convention (Arm DEN 0028). */
@ConsumerType
public interface SmcccHandler {
  /** Whether this handler answers the function identifier (w0). Asked in the order of the nodes. */
  boolean answers(int function);

  /** Answers the call. A function that nobody answers returns NOT_SUPPORTED (-1). */
  void call(SmcccCall call);

  /** One call: arguments x0 to x17 of the calling CPU. It is over, and another's, once it is answered. */
  @ProviderType
  interface SmcccCall {
    /** The calling CPU. */
    ArmCpu cpu();

    /** Whether the conduit was HVC (else SMC). */
    boolean hvc();

    /** Register x{@code index}, 0 to 17; 32-bit calls use the low half. */
    long argument(int index);

    /** Sets register x{@code index} of the result, 0 to 17. */
    void result(int index, long value);
  }
}
