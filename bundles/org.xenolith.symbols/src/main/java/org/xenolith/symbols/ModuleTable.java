// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.symbols.LoadedCode;
import org.xenolith.inspect.symbols.Symbol;

/** The symbols that a Linux kernel keeps of one of its modules: ELF symbols at their addresses, and a letter for each as in its own table. Source: System V ABI, Object Files (gABI), and {@link Btf}. */
final class ModuleTable {
  private static final int SYMBOL = 24;
  private static final int MOST_SYMBOLS = 1 << 17;
  private static final int MOST_STRINGS = 16 << 20;
  private static final int LONGEST_NAME = 512;
  /** Of one that doesn't say how long it is, and has none behind it. */
  private static final int SOME = 4096;

  /**
   * What tells a module's table from any other: it is another one once the module has started.
   *
   * @param module address of its structure
   * @param table  of its table
   */
  record Key(long module, long table, long symbols, int count) {}

  private ModuleTable() {}

  static Key key(InspectedMemory memory, ModuleLayout layout, long module) {
    long table = GuestWords.word(memory, module + layout.table());
    return new Key(module, table, table == 0 ? 0 : GuestWords.word(memory, table + layout.symbols()), table == 0 ? 0 : GuestWords.half(
        memory, table + layout.count()));
  }

  static LoadedCode read(InspectedMemory memory, ModuleLayout layout, Key key, String name) {
    long base = layout.base() < 0 ? 0 : GuestWords.word(memory, key.module() + layout.base());
    long size = layout.size() < 0 ? 0 : GuestWords.half(memory, key.module() + layout.size()) & 0xFFFF_FFFFL;
    return new LoadedCode(name, base, size, new SortedSymbols(symbols(memory, layout, key)));
  }

  private static List<Symbol> symbols(InspectedMemory memory, ModuleLayout layout, Key key) {
    if (key.count() <= 0 || key.count() > MOST_SYMBOLS) {
      return List.of();
    }
    ByteBuffer table = GuestWords.buffer(GuestWords.upTo(memory, key.symbols(), key.count() * SYMBOL));
    int count = table.limit() / SYMBOL;
    int longest = 0;
    for (int i = 0; i < count; i++) {
      longest = Math.max(longest, Math.clamp(table.getInt(i * SYMBOL), 0, MOST_STRINGS));
    }
    byte[] strings = GuestWords.upTo(memory, GuestWords.word(memory, key.table() + layout.strings()), longest + LONGEST_NAME);
    byte[] letters = layout.letters() < 0 ? new byte[0] : GuestWords.upTo(memory, GuestWords.word(memory, key.table() + layout.letters()),
        count);
    List<Symbol> symbols = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = table.getInt(i * SYMBOL);
      long value = table.getLong(i * SYMBOL + 8);
      String name = at < 0 || at >= strings.length ? "" : GuestWords.text(strings, at, LONGEST_NAME);
      // A section of number 0 is that of what is elsewhere, and what is below the kernel's half is no address.
      if (!name.isEmpty() && !SymbolLetter.isMark(name) && table.getShort(i * SYMBOL + 6) != 0 && value < 0) {
        symbols.add(SymbolLetter.symbol(value, table.getLong(i * SYMBOL + 16), i < letters.length ? (char) letters[i] : 't', name));
      }
    }
    return sized(symbols);
  }

  /** With a size for each: up to the next one, where it says none. */
  private static List<Symbol> sized(List<Symbol> symbols) {
    List<Symbol> sorted = symbols.stream().sorted(Comparator.comparingLong(Symbol::address)).toList();
    List<Symbol> sized = new ArrayList<>();
    long next = 0;
    for (int i = sorted.size() - 1; i >= 0; i--) {
      Symbol each = sorted.get(i);
      if (i + 1 < sorted.size() && sorted.get(i + 1).address() != each.address()) {
        next = sorted.get(i + 1).address();
      }
      long size = each.size() > 0 ? each.size() : next == 0 ? SOME : Math.min(SOME, next - each.address());
      sized.add(new Symbol(each.address(), size, each.kind(), each.global(), each.name()));
    }
    return sized;
  }
}
