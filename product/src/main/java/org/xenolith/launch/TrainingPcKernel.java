// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A bzImage (Linux, Documentation/arch/x86/boot.rst) as Debian makes them: its payload is packed by LZ4, and is an ELF file that is entered by the PVH boot ABI (Xen,
 * docs/misc/pvh.pandoc). Its code, {@code training-pc.bin}, is what the assembler makes of {@code training-pc.s}.
 */
final class TrainingPcKernel {
  private static final int SECTOR = 512;
  private static final int HEADER = 64;
  private static final int PROGRAM_HEADER = 56;
  private static final int LOAD = 1;
  private static final int NOTE = 4;
  private static final int PHYS32_ENTRY = 18;
  private static final int ADDRESS = 0x10_0000;
  private static final int LZ4_MAGIC = 0x184C_2102;

  private TrainingPcKernel() {}

  /** Its bytes. */
  static byte[] bytes() {
    byte[] kernel = elf();
    byte[] block = literals(kernel);
    int payload = 8 + block.length + 4;
    ByteBuffer file = buffer(2 * SECTOR + payload);
    file.put(0x1F1, (byte) 1).putInt(0x202, 0x5372_6448).putShort(0x206, (short) 0x20F).putInt(0x24C, payload);
    file.position(2 * SECTOR).putInt(LZ4_MAGIC).putInt(block.length).put(block).putInt(kernel.length);
    return file.array();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** One segment, the code, and a note that says where it is entered (System V ABI, chapters 4 and 5). */
  private static byte[] elf() {
    byte[] code = TrainingProgram.resource("training-pc.bin");
    byte[] note = buffer(20).putInt(4).putInt(4).putInt(PHYS32_ENTRY).put(new byte[] {'X', 'e', 'n', 0}).putInt(ADDRESS).array();
    int notes = HEADER + 2 * PROGRAM_HEADER;
    int text = notes + note.length;
    ByteBuffer file = buffer(text + code.length);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) 2).putShort((short) 62).putInt(1).putLong(ADDRESS).putLong(HEADER).putLong(0).putInt(0).putShort((short) HEADER)
        .putShort((short) PROGRAM_HEADER).putShort((short) 2);
    file.position(HEADER);
    program(file, LOAD, text, code.length);
    program(file, NOTE, notes, note.length);
    return file.put(note).put(code).array();
  }

  private static void program(ByteBuffer file, int kind, int at, int size) {
    file.putInt(kind).putInt(7).putLong(at).putLong(ADDRESS).putLong(ADDRESS).putLong(size).putLong(size).putLong(1);
  }

  /** A block of LZ4's without matches (LZ4 Block Format): a token of 15 literals and more, whose number goes on in bytes, of which the last isn't 255. */
  private static byte[] literals(byte[] bytes) {
    int rest = bytes.length - 15;
    byte[] block = new byte[1 + rest / 255 + 1 + bytes.length];
    Arrays.fill(block, 0, 1 + rest / 255, (byte) 255);
    block[0] = (byte) 0xF0;
    block[1 + rest / 255] = (byte) (rest % 255);
    System.arraycopy(bytes, 0, block, block.length - bytes.length, bytes.length);
    return block;
  }
}
