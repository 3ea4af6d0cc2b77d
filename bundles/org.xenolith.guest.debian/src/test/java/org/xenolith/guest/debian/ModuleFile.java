// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Makes the smallest kernel modules that have a .modinfo section. */
final class ModuleFile {
  private ModuleFile() {}

  static byte[] of(String name, String dependencies) {
    byte[] info = ("license=GPL\0depends=" + dependencies + "\0name=" + name + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] names = "\0.modinfo\0.shstrtab\0".getBytes(StandardCharsets.UTF_8);
    int infoAt = 64;
    int namesAt = infoAt + info.length;
    int table = namesAt + names.length + 7 & ~7;
    ByteBuffer elf = ByteBuffer.allocate(table + 3 * 64).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putLong(0x28, table).putShort(0x3a, (short) 64).putShort(0x3c, (short) 3).putShort(0x3e, (short) 2);
    elf.put(infoAt, info).put(namesAt, names);
    elf.putInt(table + 64, 1).putLong(table + 64 + 0x18, infoAt).putLong(table + 64 + 0x20, info.length);
    elf.putInt(table + 128, 10).putLong(table + 128 + 0x18, namesAt).putLong(table + 128 + 0x20, names.length);
    return elf.array();
  }
}
