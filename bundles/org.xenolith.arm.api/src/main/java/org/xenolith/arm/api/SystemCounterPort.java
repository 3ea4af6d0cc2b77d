// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

import org.jspecify.annotations.Nullable;

/**
 * The permanent place where the machine's system counter and devices that count by it meet, such as the watchdogs and timers of SBSA:
 * {@code context.port(SystemCounterPort.NODE, SystemCounterPort.class)}. The counter may be absent, replaced, or come later: it is to be
 * asked for when it is needed. Machine thread only.
 */
public final class SystemCounterPort {
  /** The node at which the port is: the root, since a machine has one counter. */
  public static final String NODE = "/";

  private @Nullable SystemCounter counter;

  /** Device side: the counter, or null while there is none. */
  public SystemCounter counter() {
    return counter;
  }

  /** Counter side: plugs it in. */
  public void connect(SystemCounter newCounter) {
    counter = newCounter;
  }

  /** Counter side: unplugs it, if it is still in. */
  public void disconnect(SystemCounter oldCounter) {
    if (counter == oldCounter) {
      counter = null;
    }
  }
}
