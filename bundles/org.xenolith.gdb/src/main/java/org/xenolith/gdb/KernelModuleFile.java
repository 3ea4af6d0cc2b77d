// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolTable;

/**
 * A module's file (.ko), which is relocatable: its sections, and where a kernel that has loaded it has them, by the names that both know. Source: System V ABI, Object Files (gABI), sections and symbol
 * table.
 */
final class KernelModuleFile {
  private static final int HEADER = 64;
  private static final int SECTIONS_AT = 40;
  private static final int SECTIONS = 60;
  private static final int NAMES = 62;
  private static final int SECTION = 64;
  private static final int SYMBOL = 24;
  private static final int SYMTAB = 2;
  private static final int RELOCATABLE = 1;
  private static final int TYPE = 16;
  private static final int MOST_SPECIAL = 0xFF00;
  private static final long MAGIC = 0x464C_457FL;

  /** @param section its number. @param value its offset there */
  private record Name(String name, int section, long value) {}

  private final ByteBuffer file;
  private final List<String> sections = new ArrayList<>();
  private final List<Name> names = new ArrayList<>();

  private KernelModuleFile(byte[] bytes) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** @throws IllegalArgumentException if it is no such file */
  static KernelModuleFile of(byte[] bytes) {
    KernelModuleFile module = new KernelModuleFile(bytes);
    try {
      module.read();
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      throw new IllegalArgumentException("no module's file: it ends where more is said to be", e);
    }
    return module;
  }

  private void read() {
    if (file.limit() < HEADER || (file.getInt(0) & 0xFFFF_FFFFL) != MAGIC || file.get(4) != 2 || file.getShort(TYPE) != RELOCATABLE) {
      throw new IllegalArgumentException("no module's file: expected a relocatable ELF file of 64 bits");
    }
    int count = file.getShort(SECTIONS) & 0xFFFF;
    int strings = file.getShort(NAMES) & 0xFFFF;
    for (int i = 0; i < count; i++) {
      sections.add(text(strings, file.getInt(header(i))));
    }
    for (int i = 0; i < count; i++) {
      if (file.getInt(header(i) + 4) == SYMTAB) {
        symbols(i);
      }
    }
  }

  private int header(int section) {
    return Math.toIntExact(file.getLong(SECTIONS_AT) + (long) section * SECTION);
  }

  private int at(int section) {
    return Math.toIntExact(file.getLong(header(section) + 24));
  }

  private String text(int section, int offset) {
    int from = at(section) + offset;
    int to = from;
    while (file.get(to) != 0) {
      to++;
    }
    return new String(file.array(), from, to - from, StandardCharsets.UTF_8);
  }

  private void symbols(int table) {
    int strings = file.getInt(header(table) + 40);
    int end = at(table) + Math.toIntExact(file.getLong(header(table) + 32));
    for (int at = at(table); at + SYMBOL <= end; at += SYMBOL) {
      int section = file.getShort(at + 6) & 0xFFFF;
      if (section > 0 && section < MOST_SPECIAL && file.getInt(at) != 0) {
        names.add(new Name(text(strings, file.getInt(at)), section, file.getLong(at + 8)));
      }
    }
  }

  /** Where its sections are, by their names, those that a name tells of. @param loaded what the kernel knows of it */
  Map<String, Long> places(SymbolTable loaded) {
    Map<String, Long> places = new LinkedHashMap<>();
    for (Name each : names) {
      if (each.section() < sections.size() && !places.containsKey(sections.get(each.section()))) {
        List<Symbol> found = loaded.named(each.name());
        if (found.size() == 1) {
          places.put(sections.get(each.section()), found.getFirst().address() - each.value());
        }
      }
    }
    return places;
  }

  /** gdb's command for that: empty if no code of it is known. @param path the file's */
  Optional<String> command(String path, SymbolTable loaded) {
    Map<String, Long> places = places(loaded);
    if (places.isEmpty()) {
      return Optional.empty();
    }
    StringBuilder command = new StringBuilder("add-symbol-file ").append(path);
    places.forEach((section, address) -> command.append(" -s ").append(section).append(" 0x").append(Long.toHexString(address)));
    return Optional.of(command.append('\n').toString());
  }
}
