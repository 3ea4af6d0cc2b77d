// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.xenolith.a64.isa.Assembler;

/**
 * The program {@code xenstore-handover DOMID} for the first root file system: a static arm64 ELF file that our own
 * assembler makes. It exits with 0 and prints the port, with 1 when the kernel refuses, with 2 when it is called wrongly.
 */
final class StoreHandover {
  private static final String SOURCE = "xenstore-handover.s";
  private static final long ADDRESS = 0x400000;
  private static final int HEADERS = 64 + 56;

  private StoreHandover() {}

  static byte[] program() {
    byte[] code = Assembler.program(ADDRESS + HEADERS, new String(Initramfs.resource(SOURCE), StandardCharsets.UTF_8)).bytes();
    return elf(code);
  }

  /** One loadable segment that is the whole file, entered behind the headers (ELF-64 Object File Format). */
  private static byte[] elf(byte[] code) {
    ByteBuffer file = ByteBuffer.allocate(HEADERS + code.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) 183).putInt(1); // EXEC, AArch64
    file.putLong(ADDRESS + HEADERS).putLong(64).putLong(0).putInt(0);
    file.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 64).putShort((short) 0).putShort((short) 0);
    file.putInt(1).putInt(5); // LOAD, readable and executable
    file.putLong(0).putLong(ADDRESS).putLong(ADDRESS).putLong(file.capacity()).putLong(file.capacity()).putLong(0x10000);
    return file.put(code).array();
  }
}
