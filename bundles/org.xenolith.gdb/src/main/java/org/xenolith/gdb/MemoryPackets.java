// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.Arrays;
import org.xenolith.debug.kit.ReadableBytes;
import org.xenolith.gdb.Reply.Fault;

/** Packets {@code m M x X}: RAM as a processor has it. No device is read; what is written is an input of the machine. */
final class MemoryPackets {
  /** Bytes of memory at most in a reply. */
  static final int MOST = 1 << 14;
  private final DebuggedMachine machine;

  MemoryPackets(DebuggedMachine machine) {
    this.machine = machine;
  }

  /** {@code ADDRESS,LENGTH} of packet m. */
  Reply read(String text) {
    return read(text, false);
  }

  /** The same of packet x, as LLDB has it. */
  Reply readBinary(String text) {
    return text.equals("0,0") ? Reply.OK : read(text, true);
  }

  private Reply read(String text, boolean binary) {
    String[] parts = text.split(",", 2);
    long address = Reply.number(parts[0]);
    int length = Math.min(Reply.small(parts[1]), MOST);
    byte[] bytes = ReadableBytes.of(machine.memory(), address, length);
    if (bytes.length == 0 && length > 0) {
      return Reply.error(Fault.MEMORY);
    }
    return binary ? new Reply(bytes) : Reply.hex(bytes);
  }

  /** {@code ADDRESS,LENGTH:DIGITS} of packet M. */
  Reply write(String text) {
    int colon = text.indexOf(':');
    return write(text.substring(0, colon), Reply.bytes(text.substring(colon + 1)));
  }

  /** The same of packet X, with bytes behind the colon. */
  Reply writeBinary(byte[] data) {
    int colon = 1;
    while (data[colon] != ':') {
      colon++;
    }
    return write(new String(data, 1, colon - 1, java.nio.charset.StandardCharsets.ISO_8859_1), Arrays.copyOfRange(data, colon + 1,
        data.length));
  }

  private Reply write(String place, byte[] bytes) {
    String[] parts = place.split(",", 2);
    long address = Reply.number(parts[0]);
    if (Reply.small(parts[1]) != bytes.length) {
      return Reply.error(Fault.INVALID);
    }
    if (bytes.length == 0) {
      return Reply.OK;
    }
    try {
      machine.memory().write(address, bytes);
      return Reply.OK;
    } catch (IllegalArgumentException e) {
      return Reply.error(Fault.MEMORY);
    }
  }
}
