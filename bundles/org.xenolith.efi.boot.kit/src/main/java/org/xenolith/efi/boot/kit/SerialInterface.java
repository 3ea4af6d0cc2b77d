// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.boot.api.EfiRam;

/** EFI_SERIAL_IO_PROTOCOL with SERIAL_IO_MODE behind it, in a guest's memory (UEFI 2.10, 12.8). */
public final class SerialInterface {
  /** Bytes of both. */
  public static final int SIZE = 72 + 32;
  /** Where the first function's pointer is. */
  public static final int FUNCTIONS = 8;
  /** Bit of GetControl: nothing has come. */
  public static final int INPUT_EMPTY = 0x20;
  /** Bit of GetControl: everything was sent. */
  public static final int OUTPUT_EMPTY = 0x40;
  private static final int MODE = 56;
  private static final int MODE_AT = 72;
  private static final int REVISION = 0x1_0001;
  /** Bits a second. */
  public static final long BAUD = 115_200;
  /** Bits of a character. */
  public static final int DATA_BITS = 8;

  private SerialInterface() {}

  /** Functions, in the structure's order. */
  public static String[] functions() {
    return new String[] {"Reset", "SetAttributes", "SetControl", "GetControl", "Write", "Read"};
  }

  /**
   * Writes both, for a line of 115200 bit/s without parity and with one stop bit; the functions' pointers are the layer's to write.
   *
   * @param at    address of the protocol
   * @param depth characters that the receiver keeps
   */
  public static void write(EfiRam memory, long at, int depth) {
    memory.put32(at, REVISION);
    memory.put64(at + MODE, at + MODE_AT);
    memory.put32(at + MODE_AT, INPUT_EMPTY | OUTPUT_EMPTY);
    memory.put64(at + MODE_AT + 8, BAUD);
    memory.put32(at + MODE_AT + 16, depth);
    memory.put32(at + MODE_AT + 20, DATA_BITS);
    memory.put32(at + MODE_AT + 24, 1);
    memory.put32(at + MODE_AT + 28, 1);
  }
}
