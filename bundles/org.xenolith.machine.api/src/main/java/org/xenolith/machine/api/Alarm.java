// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** One entry of a machine's event queue, owned by a device. */
@ProviderType
public interface Alarm {
  /** Arms (or re-arms) for virtual time {@code ns}; a time not in the future fires before the next instruction. */
  void at(long ns);

  /** Disarms. */
  void cancel();

  /** Whether it is armed. */
  boolean armed();

  /** The deadline in nanoseconds, or {@link Long#MAX_VALUE} when disarmed. */
  long deadline();
}
