// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.xenolith.a64.isa.Assembler;

/** An EFI application as a PE32+ file of one section (Microsoft, PE Format). */
public final class EfiProgram {
  /** Machine types. */
  private static final int AARCH64 = 0xAA64;
  private static final int AMD64 = 0x8664;
  private static final int HEADER = 0x40;
  private static final int OPTIONAL = HEADER + 24;
  private static final int OPTIONAL_SIZE = 160;
  private static final int SECTION = OPTIONAL + OPTIONAL_SIZE;
  private static final int PAGE = 0x1000;
  private static final int CODE_AND_DATA = 0xE000_0060;

  private EfiProgram() {}

  /** For AArch64. @param source of code and data, entered at its beginning with x0 and x1 as UEFI says; it must not need relocations */
  public static byte[] of(String source) {
    return file(AARCH64, Assembler.program(PAGE, source).bytes());
  }

  /** For x86-64. @param code and data, entered at its beginning with RCX and RDX as UEFI says; it must not need relocations */
  public static byte[] ofX64(byte[] code) {
    return file(AMD64, code);
  }

  private static byte[] file(int machine, byte[] code) {
    int size = code.length + PAGE - 1 & -PAGE;
    ByteBuffer out = ByteBuffer.allocate(PAGE + size).order(ByteOrder.LITTLE_ENDIAN);
    out.putShort(0, (short) ('M' | 'Z' << 8)).putInt(60, HEADER).putInt(HEADER, 'P' | 'E' << 8);
    out.putShort(HEADER + 4, (short) machine).putShort(HEADER + 6, (short) 1).putShort(HEADER + 20, (short) OPTIONAL_SIZE);
    out.putShort(OPTIONAL, (short) 0x20B).putInt(OPTIONAL + 16, PAGE).putInt(OPTIONAL + 32, PAGE).putInt(OPTIONAL + 36, PAGE);
    out.putInt(OPTIONAL + 56, PAGE + size).putInt(OPTIONAL + 60, PAGE).putShort(OPTIONAL + 68, (short) 10).putInt(OPTIONAL + 108, 6);
    out.putInt(SECTION + 8, size).putInt(SECTION + 12, PAGE).putInt(SECTION + 16, size).putInt(SECTION + 20, PAGE).putInt(SECTION + 36,
        CODE_AND_DATA);
    out.put(PAGE, code);
    return out.array();
  }
}
