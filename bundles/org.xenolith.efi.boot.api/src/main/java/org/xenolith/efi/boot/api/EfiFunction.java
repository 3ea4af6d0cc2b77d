// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.osgi.annotation.versioning.ConsumerType;

/** What is behind a function pointer. */
@ConsumerType
@FunctionalInterface
public interface EfiFunction {
  /**
   * Executes the next step of a call, at once: it neither waits nor keeps anything but in the call's numbers and in the guest's memory.
   *
   * @throws EfiError if the call ends with that status
   */
  EfiStep next(Call call);
}
