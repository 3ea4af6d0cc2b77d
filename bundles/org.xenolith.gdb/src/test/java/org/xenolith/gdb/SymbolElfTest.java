// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

class SymbolElfTest {
  private static final long BASE = 0xFFFF_8000_0800_0000L;

  private static ByteBuffer file(List<Symbol> symbols) {
    return ByteBuffer.wrap(SymbolElf.of(symbols, 183)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int section(ByteBuffer file, int number) {
    return (int) file.getLong(40) + 64 * number;
  }

  @Test
  void codeAndDataHaveSectionsOfTheirOwnWithoutContent() {
    ByteBuffer file = file(List.of(new Symbol(BASE, 16, SymbolKind.CODE, false, "a"), new Symbol(BASE + 16, 64, SymbolKind.CODE, true, "b"),
        new Symbol(BASE + 4096, 8, SymbolKind.DATA, true, "d"), new Symbol(40, 0, SymbolKind.ABSOLUTE, false, "offset")));
    assertEquals(183, file.getShort(18));
    assertEquals(5, file.getShort(60), "none, code, data, symbols, strings");
    int text = section(file, 1);
    assertEquals(8, file.getInt(text + 4), "NOBITS");
    assertEquals(BASE, file.getLong(text + 16));
    assertEquals(80, file.getLong(text + 32));
    assertEquals(BASE + 4096, file.getLong(section(file, 2) + 16));
    int symbols = section(file, 3);
    assertEquals(5 * 24, file.getLong(symbols + 32));
    assertEquals(3, file.getInt(symbols + 44), "one behind the last local one");
    int first = (int) file.getLong(symbols + 24) + 24;
    assertEquals(2, file.get(first + 4), "a local function");
    assertEquals(1, file.getShort(first + 6));
    assertEquals(BASE, file.getLong(first + 8));
    assertEquals((short) 0xFFF1, file.getShort(first + 24 + 6), "an offset is in no section");
    assertEquals(0x11, file.get(first + 3 * 24 + 4), "global data");
    assertEquals(2, file.getShort(first + 3 * 24 + 6));
  }

  /** lldb finds a symbol's section by its name: of two alike it would be the first. */
  @Test
  void noTwoSectionsHaveOneName() {
    List<Symbol> turns = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      turns.add(new Symbol(BASE + 4096L * i, 8, i % 2 == 0 ? SymbolKind.CODE : SymbolKind.DATA, true, "s" + i));
    }
    ByteBuffer file = file(turns);
    Set<Integer> names = new HashSet<>();
    int sections = file.getShort(60);
    for (int i = 0; i < sections; i++) {
      assertTrue(names.add(file.getInt(section(file, i))), "section " + i);
    }
  }

  @Test
  void whatIsMixedWithoutAnEndIsOneSection() {
    List<Symbol> mixed = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      mixed.add(new Symbol(BASE + 8L * i, 8, i % 2 == 0 ? SymbolKind.CODE : SymbolKind.DATA, true, "s" + i));
    }
    ByteBuffer file = file(mixed);
    assertEquals(4, file.getShort(60));
    assertEquals(16_000, file.getLong(section(file, 1) + 32));
  }

  @Test
  void withoutASymbolThereIsNothingToFind() {
    assertEquals(3, file(List.of()).getShort(60));
  }
}
