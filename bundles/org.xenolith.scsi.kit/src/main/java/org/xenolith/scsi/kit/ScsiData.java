// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import org.osgi.annotation.versioning.ConsumerType;

/** The data buffers of a command (SAM-5, 4.4): what the initiator gives, and the room it has for what it gets. */
@ConsumerType
public interface ScsiData {
  /** Bytes that the initiator gives and that weren't taken yet. */
  long outLeft();

  /** Takes the next bytes that it gives; there must be as many. What memory throws passes through. */
  void take(byte[] into, int offset, int length);

  /** Bytes of room that weren't filled yet. */
  long inLeft();

  /** Gives it the next bytes; there must be room. What memory throws passes through. */
  void put(byte[] from, int offset, int length);
}
