// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where messages of bus masters arrive: a window of an interrupt controller to which message-signalled interrupts are written.
 * Must not throw. Runs on the machine's thread.
 */
@ConsumerType
public interface MessageInput {
  /** A requester that the fabric gives no id. */
  long NO_ID = -1;

  /**
   * A bus master wrote.
   *
   * @param device the requester, as the fabric tells it ({@code msi-map}), never what is in
   *               the data; {@link #NO_ID} if the fabric gives none
   * @param offset byte offset in the window
   * @param size   1, 2, 4 or 8 bytes
   */
  void message(long device, long offset, int size, long value);
}
