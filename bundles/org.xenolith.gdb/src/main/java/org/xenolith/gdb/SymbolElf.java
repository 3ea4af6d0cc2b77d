// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

/**
 * An ELF64 file that has symbols and no content: a debugger takes names from it, at the addresses where they are now, and bytes from the machine. Source: System V ABI, Object Files (gABI).
 */
final class SymbolElf {
  private static final int HEADER = 64;
  private static final int SECTION = 64;
  private static final int SYMBOL = 24;
  private static final int EXEC = 2;
  private static final int SYMTAB = 2;
  private static final int STRTAB = 3;
  private static final int NOBITS = 8;
  private static final int WRITE = 1;
  private static final int ALLOC = 2;
  private static final int EXECINSTR = 4;
  private static final int ABSOLUTE = 0xFFF1;
  private static final int OBJECT = 1;
  private static final int FUNC = 2;
  /** Code and data lie in turns; with more of these than a kernel has, all of it is one section. */
  private static final int MOST_RUNS = 256;

  /** Symbols of one kind that follow each other, in a section. */
  private static final class Run {
    final boolean code;
    final long first;
    long end;

    Run(boolean code, long first) {
      this.code = code;
      this.first = first;
      end = first;
    }
  }

  private final List<Run> runs = new ArrayList<>();
  private final ByteArrayOutputStream names = new ByteArrayOutputStream();

  private SymbolElf() {}

  /** @param symbols by ascending address. @param machine {@code e_machine} */
  static byte[] of(List<Symbol> symbols, int machine) {
    return new SymbolElf().write(symbols, machine);
  }

  private byte[] write(List<Symbol> symbols, int machine) {
    divide(symbols, MOST_RUNS);
    names.write(0);
    ByteBuffer table = buffer(SYMBOL * (symbols.size() + 1));
    // Local ones come first.
    int locals = 1;
    table.position(SYMBOL);
    for (boolean global : new boolean[] {false, true}) {
      int at = 0;
      for (Symbol each : symbols) {
        at = section(each, at);
        if (each.global() == global) {
          put(table, each, at);
          locals += global ? 0 : 1;
        }
      }
    }
    return file(table.array(), locals, machine);
  }

  private void divide(List<Symbol> symbols, int most) {
    for (Symbol each : symbols) {
      if (each.kind() == SymbolKind.ABSOLUTE) {
        continue;
      }
      boolean code = each.kind() == SymbolKind.CODE;
      if (runs.isEmpty() || most > 1 && runs.getLast().code != code) {
        runs.add(new Run(code, each.address()));
      }
      long end = each.address() + each.size();
      runs.getLast().end = Long.compareUnsigned(end, runs.getLast().end) > 0 ? end : runs.getLast().end;
    }
    for (int i = 0; i + 1 < runs.size(); i++) {
      runs.get(i).end = Long.compareUnsigned(runs.get(i).end, runs.get(i + 1).first) > 0 ? runs.get(i + 1).first : runs.get(i).end;
    }
    if (runs.size() > most) {
      runs.clear();
      divide(symbols, 1);
    }
  }

  /** Number of the run that a symbol begins, or the one of those before. */
  private int section(Symbol symbol, int last) {
    int at = last;
    while (symbol.kind() != SymbolKind.ABSOLUTE && at + 1 < runs.size() && Long.compareUnsigned(symbol.address(), runs.get(at + 1).first)
        >= 0) {
      at++;
    }
    return at;
  }

  private void put(ByteBuffer table, Symbol symbol, int run) {
    table.putInt(name(symbol.name()));
    int type = symbol.kind() == SymbolKind.CODE ? FUNC : symbol.kind() == SymbolKind.DATA ? OBJECT : 0;
    table.put((byte) ((symbol.global() ? 1 : 0) << 4 | type)).put((byte) 0);
    table.putShort((short) (symbol.kind() == SymbolKind.ABSOLUTE ? ABSOLUTE : run + 1));
    table.putLong(symbol.address()).putLong(symbol.size());
  }

  private int name(String text) {
    int at = names.size();
    names.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    names.write(0);
    return at;
  }

  private byte[] file(byte[] table, int locals, int machine) {
    int[] named = new int[runs.size()];
    for (int i = 0; i < named.length; i++) {
      // Each has a name of its own: lldb finds a symbol's section by its name.
      named[i] = name((runs.get(i).code ? ".text" : ".data") + (i < 2 ? "" : "." + i / 2));
    }
    int symtab = name(".symtab");
    int strtab = name(".strtab");
    byte[] strings = names.toByteArray();
    int sections = runs.size() + 3;
    long tableAt = HEADER;
    long stringsAt = tableAt + table.length;
    long headersAt = stringsAt + strings.length + 7 & -8;
    ByteBuffer file = buffer((int) headersAt + SECTION * sections);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}).position(16);
    file.putShort((short) EXEC).putShort((short) machine).putInt(1).putLong(0).putLong(0).putLong(headersAt).putInt(0);
    file.putShort((short) HEADER).putShort((short) 0).putShort((short) 0).putShort((short) SECTION).putShort((short) sections).putShort(
        (short) (sections - 1));
    file.put(table).put(strings).position((int) headersAt + SECTION);
    for (int i = 0; i < named.length; i++) {
      Run each = runs.get(i);
      header(file, named[i], NOBITS, ALLOC | (each.code ? EXECINSTR : WRITE), each.first, HEADER, each.end - each.first, 0,
          0, 0);
    }
    header(file, symtab, SYMTAB, 0, 0, tableAt, table.length, sections - 1, locals, SYMBOL);
    header(file, strtab, STRTAB, 0, 0, stringsAt, strings.length, 0, 0, 0);
    return file.array();
  }

  private static void header(ByteBuffer file, int name, int type, int flags, long address, long offset, long size, int link, int info,
      int entry) {
    file.putInt(name).putInt(type).putLong(flags).putLong(address).putLong(offset).putLong(size).putInt(link).putInt(info).putLong(8)
        .putLong(
            entry);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
