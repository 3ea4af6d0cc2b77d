// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a kernel module says about itself: the {@code .modinfo} section of its ELF file holds zero-terminated
 * {@code key=value} texts (ELF-64 Object File Format for the headers).
 *
 * @param name the module's own name, with underscores
 * @param dependencies names of the modules that must be loaded before, with underscores
 */
record ModuleInfo(String name, List<String> dependencies) {
  private static final int SECTION_HEADER = 64;

  /**
   * Reads a 64-bit little-endian ELF file.
   *
   * @throws IllegalArgumentException when it is no such file or has no {@code .modinfo}
   */
  static ModuleInfo of(byte[] module) {
    ByteBuffer elf = ByteBuffer.wrap(module).order(ByteOrder.LITTLE_ENDIAN);
    if (module.length < 64 || elf.getInt(0) != 0x464c457f || module[4] != 2 || module[5] != 1) {
      throw new IllegalArgumentException("not a 64-bit little-endian ELF file");
    }
    long table = elf.getLong(0x28);
    int count = elf.getShort(0x3c) & 0xffff;
    int names = elf.getShort(0x3e) & 0xffff;
    if (elf.getShort(0x3a) != SECTION_HEADER || names >= count || table < 0 || table > module.length - (long) count * SECTION_HEADER) {
      throw new IllegalArgumentException("the section table lies outside the file");
    }
    ByteBuffer nameTable = section(elf, (int) table + names * SECTION_HEADER);
    for (int i = 0; i < count; i++) {
      int header = (int) table + i * SECTION_HEADER;
      int nameAt = elf.getInt(header);
      if (".modinfo".equals(text(nameTable, nameAt))) {
        return parse(section(elf, header));
      }
    }
    throw new IllegalArgumentException("there is no .modinfo section");
  }

  /** Module names are the same with hyphens and underscores; file names use either. */
  static String canonical(String name) {
    return name.replace('-', '_');
  }

  private static ByteBuffer section(ByteBuffer elf, int header) {
    long offset = elf.getLong(header + 0x18);
    long size = elf.getLong(header + 0x20);
    if (offset < 0 || size < 0 || size > elf.capacity() || offset > elf.capacity() - size) {
      throw new IllegalArgumentException("a section lies outside the file");
    }
    return elf.slice((int) offset, (int) size);
  }

  private static ModuleInfo parse(ByteBuffer info) {
    String name = "";
    List<String> dependencies = new ArrayList<>();
    for (int at = 0; at < info.capacity();) {
      String text = text(info, at);
      at += text.getBytes(StandardCharsets.ISO_8859_1).length + 1;
      if (text.startsWith("name=")) {
        name = canonical(text.substring(5));
      } else if (text.startsWith("depends=")) {
        for (String dependency : text.substring(8).split(",")) {
          if (!dependency.isEmpty()) {
            dependencies.add(canonical(dependency));
          }
        }
      }
    }
    return new ModuleInfo(name, List.copyOf(dependencies));
  }

  private static String text(ByteBuffer bytes, int at) {
    if (at < 0 || at >= bytes.capacity()) {
      return "";
    }
    int end = at;
    while (end < bytes.capacity() && bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - at];
    bytes.get(at, text);
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
