// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.charset.StandardCharsets;

import org.xenolith.a64.isa.Assembler;

/**
 * The program {@code xenstore-handover DOMID} for the first root file system: a static arm64 ELF file that our own
 * assembler makes. It exits with 0 and prints the port, with 1 when the kernel refuses, with 2 when it is called wrongly.
 */
final class StoreHandover {
  private static final String SOURCE = "xenstore-handover.s";
  private static final int AARCH64 = 183;

  private StoreHandover() {}

  static byte[] program() {
    byte[] code = Assembler.program(StaticProgram.FIRST, new String(Initramfs.resource(SOURCE), StandardCharsets.UTF_8)).bytes();
    return StaticProgram.elf(AARCH64, code, 0);
  }
}
