// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import org.osgi.annotation.versioning.ConsumerType;

/** A kind of outside inputs that every machine takes, also while it replays them; a service. A handler that was registered at a machine for the kind comes first. */
@ConsumerType
public interface InputKind {
  /** As {@link Machine#input} names it. */
  String name();

  /**
   * Applies one outside input; on the machine's thread at a safe point.
   *
   * @return how many bytes were taken, as {@link Machine.InputHandler#apply}
   * @throws IllegalArgumentException if it can't be taken, which changes nothing; the message says why
   */
  int apply(Machine machine, String place, byte[] bytes);
}
