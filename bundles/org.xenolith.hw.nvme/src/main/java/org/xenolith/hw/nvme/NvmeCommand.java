// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The command that is being carried out (NVM Express 1.4, 4.2), and what it answers besides a status. */
final class NvmeCommand {
  /** Bytes of a command. */
  static final int SIZE = 64;
  private static final int FUSED_OR_SGL = 0xC3;

  /** As it was fetched. */
  final byte[] bytes = new byte[SIZE];
  /** Dword 0 of the completion. */
  int result;
  private final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);

  int opcode() {
    return bytes[0] & 0xFF;
  }

  /** Neither a part of a fused operation nor with SGLs, which the controller says it doesn't have. */
  boolean isPlain() {
    return (bytes[1] & FUSED_OR_SGL) == 0;
  }

  /** Its identifier. */
  int id() {
    return view.getShort(2) & 0xFFFF;
  }

  /** Namespace identifier. */
  int namespace() {
    return view.getInt(4);
  }

  long prp1() {
    return view.getLong(24);
  }

  long prp2() {
    return view.getLong(32);
  }

  /** Command dword {@code number}, from 10 to 15. */
  int dword(int number) {
    return view.getInt(4 * number);
  }

  /** Command dwords {@code number} and the one behind it. */
  long qword(int number) {
    return view.getLong(4 * number);
  }
}
