// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.efi.api.VariableName;

/**
 * One step in the log.
 *
 * @param kind    what happens
 * @param payload with what: a variable, with neither signer nor data if it is deleted; the counter; nothing
 */
record LogRecord(Kind kind, byte[] payload) {
  /** What happens; the ordinal is on disks. */
  enum Kind {
    /** A variable is made or changed. */
    PUT,
    /** A variable is deleted. */
    DELETE,
    /** The high half of the monotonic counter is another one. */
    COUNTER,
    /** The checkpoint that a generation begins with is complete. */
    CHECKPOINT
  }

  static LogRecord put(StoredVariable variable) {
    return new LogRecord(Kind.PUT, variable.encode());
  }

  static LogRecord delete(VariableName name) {
    return new LogRecord(Kind.DELETE, StoredVariable.plain(name, 0, new byte[0]).encode());
  }

  static LogRecord counter(int high) {
    return new LogRecord(Kind.COUNTER, ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(high).array());
  }

  static LogRecord checkpoint() {
    return new LogRecord(Kind.CHECKPOINT, new byte[0]);
  }

  /** Sectors that it takes. */
  int sectors() {
    return Math.max(1, (payload.length + LogFrame.PAYLOAD - 1) / LogFrame.PAYLOAD);
  }
}
