// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** The virtual time of one machine. */
@ProviderType
public interface Clock {
  /** Nanoseconds since power-on, exact at the current instruction. */
  long now();
}
