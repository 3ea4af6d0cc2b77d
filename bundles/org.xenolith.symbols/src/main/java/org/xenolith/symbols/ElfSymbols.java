// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

/** Functions and data in the symbol tables of an ELF64 file. Source: System V ABI, Object Files (gABI). */
final class ElfSymbols {
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;
  private static final int SYMTAB = 2;
  private static final int DYNSYM = 11;
  private static final int SECTION = 64;
  private static final int SYMBOL = 24;
  private static final int OBJECT = 1;
  private static final int FUNC = 2;
  /** Size of a function that doesn't say one. */
  private static final int SOME = 256;
  private static final int LONGEST_NAME = 4096;

  private final ByteBuffer file;

  private ElfSymbols(byte[] file) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  static boolean isElf(byte[] file) {
    return file.length >= 4 && file[0] == 0x7F && file[1] == 'E' && file[2] == 'L' && file[3] == 'F';
  }

  /**
   * Reads the functions and what is data.
   *
   * @throws IllegalArgumentException if the file is damaged or no ELF64 file of this byte order
   */
  static List<Symbol> read(byte[] file) {
    try {
      return new ElfSymbols(file).symbols();
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("the ELF file is cut off or damaged", e);
    }
  }

  private List<Symbol> symbols() {
    if (file.get(4) != CLASS_64 || file.get(5) != LITTLE_ENDIAN) {
      throw new IllegalArgumentException("expected a 64-bit little-endian ELF file");
    }
    int sections = place(file.getLong(40));
    int count = file.getShort(60) & 0xFFFF;
    if (file.getShort(58) != SECTION && count > 0) {
      throw new IllegalArgumentException("section headers of " + file.getShort(58) + " bytes; expected " + SECTION);
    }
    List<Symbol> symbols = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int header = sections + i * SECTION;
      int type = file.getInt(header + 4);
      if (type == SYMTAB || type == DYNSYM) {
        int strings = sections + Math.min(file.getInt(header + 40) & 0xFFFF, count - 1) * SECTION;
        table(place(file.getLong(header + 24)), file.getLong(header + 32) / SYMBOL, place(file.getLong(strings + 24)), symbols);
      }
    }
    return symbols;
  }

  private int place(long offset) {
    if (offset < 0 || offset > file.limit()) {
      throw new IllegalArgumentException("offset 0x%x is outside of the file".formatted(offset));
    }
    return (int) offset;
  }

  private void table(int at, long count, int strings, List<Symbol> symbols) {
    for (int i = 0; i < count; i++) {
      int symbol = at + i * SYMBOL;
      long value = file.getLong(symbol + 8);
      long size = file.getLong(symbol + 16);
      int type = file.get(symbol + 4) & 15;
      if ((type == FUNC || type == OBJECT) && file.getShort(symbol + 6) != 0) {
        symbols.add(new Symbol(value, size > 0 ? size : type == FUNC ? SOME : 1, type == FUNC ? SymbolKind.CODE : SymbolKind.DATA,
            (file.get(symbol + 4) & 0xF0) != 0, string(strings + file.getInt(symbol))));
      }
    }
  }

  private String string(int at) {
    int end = at;
    while (file.get(end) != 0 && end - at < LONGEST_NAME) {
      end++;
    }
    return new String(file.array(), at, end - at, StandardCharsets.UTF_8);
  }
}
