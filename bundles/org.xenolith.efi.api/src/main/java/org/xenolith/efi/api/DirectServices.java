// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.osgi.annotation.versioning.ConsumerType;

/** The way in to the runtime services that is code in a guest's memory, which traps to the firmware. */
@ConsumerType
public interface DirectServices {
  /** Whoever stands for the firmware's loader has put tables and code there; what was there before isn't any more. */
  void placed(RuntimeMemory memory);
}
