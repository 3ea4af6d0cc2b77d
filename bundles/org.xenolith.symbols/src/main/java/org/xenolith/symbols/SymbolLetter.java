// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

/** What the letters before names mean in kernels' tables and in lines of {@code nm}: capitals are global. Source: nm(1) of the GNU binutils' manual. */
final class SymbolLetter {
  private SymbolLetter() {}

  /** Whether a name marks where code or data begins within a function, and is nothing's: those of Arm's ELF ABI. */
  static boolean isMark(String name) {
    return name.startsWith("$");
  }

  /** The symbol of a letter. */
  static Symbol symbol(long address, long size, char letter, String name) {
    SymbolKind kind = switch (letter) {
      case 'T', 't', 'W', 'w' -> SymbolKind.CODE;
      case 'A', 'a' -> SymbolKind.ABSOLUTE;
      default -> SymbolKind.DATA;
    };
    return new Symbol(address, size, kind, Character.isUpperCase(letter), name);
  }
}
