// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.inspect.symbols.Symbol;

/** Symbols as lines of address, type and name: {@code System.map}, {@code /proc/kallsyms}, {@code nm}. */
final class MapLines {
  private record Line(long address, char type, String name) {}

  private MapLines() {}

  /**
   * Reads the lines; each symbol ends where the next one begins.
   *
   * @throws IllegalArgumentException if a line is none of these; the message says which
   */
  static List<Symbol> read(String text) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\\R")) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] words = line.trim().split("\\s+");
      if (words.length < 3 || !words[0].matches("[0-9a-fA-F]{1,16}") || words[1].length() != 1) {
        throw new IllegalArgumentException("line " + number + ": expected ADDRESS TYPE NAME as in System.map, or an ELF file");
      }
      lines.add(new Line(Long.parseUnsignedLong(words[0], 16), words[1].charAt(0), words[2]));
    }
    lines.sort(Comparator.comparingLong(line -> line.address + Long.MIN_VALUE));
    List<Symbol> symbols = new ArrayList<>();
    long end = lines.isEmpty() ? 0 : lines.getLast().address + 4096;
    for (int i = lines.size() - 1; i >= 0; i--) {
      Line line = lines.get(i);
      if (i + 1 < lines.size() && lines.get(i + 1).address != line.address) {
        end = lines.get(i + 1).address;
      }
      if (!SymbolLetter.isMark(line.name)) {
        symbols.add(SymbolLetter.symbol(line.address, end - line.address, line.type, line.name));
      }
    }
    return symbols;
  }
}
