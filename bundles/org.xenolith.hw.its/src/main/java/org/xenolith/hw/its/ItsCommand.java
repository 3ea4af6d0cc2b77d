// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A command of 32 bytes; which fields it has depends on its operation (Arm IHI 0069H, 5.3). */
record ItsCommand(long word0, long word1, long word2, long word3) {
  static final int BYTES = 32;

  /** Numbers of the operations that an ITS without virtual LPIs has. */
  enum Operation {
    /** Moves an event to another collection, with its pending state. */
    MOVI(0x01),
    /** Makes an event pending. */
    INT(0x03),
    /** Takes the pending state from an event. */
    CLEAR(0x04),
    /** Waits until a redistributor has seen what came before. */
    SYNC(0x05),
    /** Gives a device its table of events, or takes it. */
    MAPD(0x08),
    /** Gives a collection its redistributor, or takes it. */
    MAPC(0x09),
    /** Gives an event its LPI and collection. */
    MAPTI(0x0A),
    /** Gives an event the LPI of the same number, and a collection. */
    MAPI(0x0B),
    /** Reads the configuration of an event's LPI anew. */
    INV(0x0C),
    /** Reads the configuration of all LPIs of a collection anew. */
    INVALL(0x0D),
    /** Moves all pending state from a redistributor to another one. */
    MOVALL(0x0E),
    /** Takes an event's pending state and translation. */
    DISCARD(0x0F);

    private static final Operation[] OF = new Operation[0x100];

    static {
      for (Operation operation : values()) {
        if (OF[operation.number] != null) {
          throw new IllegalStateException(operation + " has the number of " + OF[operation.number]);
        }
        OF[operation.number] = operation;
      }
    }

    private final int number;

    Operation(int number) {
      this.number = number;
    }
  }

  static ItsCommand of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new ItsCommand(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
  }

  /** The operation, or null if there is none of that number. */
  Operation operation() {
    return Operation.OF[(int) word0 & 0xFF];
  }

  long device() {
    return word0 >>> 32;
  }

  long event() {
    return word1 & 0xFFFF_FFFFL;
  }

  /** Number of the LPI. */
  long intid() {
    return word1 >>> 32;
  }

  /** Bits of an EventID, less one. */
  int size() {
    return (int) word1 & 0x1F;
  }

  int collection() {
    return (int) word2 & 0xFFFF;
  }

  /** Address of an ITT. */
  long table() {
    return word2 & 0x000F_FFFF_FFFF_FF00L;
  }

  boolean isValid() { return word2 < 0; }

  /** RDbase: a processor number. */
  long redistributor() {
    return redistributor(word2);
  }

  /** The second RDbase of MOVALL. */
  long target() {
    return redistributor(word3);
  }

  private static long redistributor(long word) {
    return word >>> 16 & 0xF_FFFF_FFFFL;
  }

  @Override
  public String toString() {
    return "%s %016x %016x %016x %016x".formatted(operation() == null ? "command" : operation(), word0, word1, word2, word3);
  }
}
