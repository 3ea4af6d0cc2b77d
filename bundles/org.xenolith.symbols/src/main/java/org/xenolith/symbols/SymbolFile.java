// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.InputFile;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

/** Symbols from files that the user names, as {@code FILE[@OFFSET]}. */
final class SymbolFile {
  private static final String OPTION = option("symbols");

  private SymbolFile() {}

  /**
   * Reads files.
   *
   * @throws BadInput if one can't be read or has no symbols of code
   */
  static SortedSymbols read(List<String> names) {
    List<Symbol> all = new ArrayList<>();
    names.forEach(name -> all.addAll(read(name)));
    return new SortedSymbols(all);
  }

  private static List<Symbol> read(String name) {
    int at = name.lastIndexOf('@');
    boolean offset = at > 0 && name.substring(at + 1).matches("(0x)?[0-9a-fA-F]{1,16}");
    Path file = Path.of(offset ? name.substring(0, at) : name);
    long moved = offset ? Long.parseUnsignedLong(name.substring(at + 1).replaceFirst("^0x", ""), 16) : 0;
    byte[] bytes;
    try {
      bytes = InputFile.read(file, InputFile.GUEST);
    } catch (IOException e) {
      throw BadInput.of(OPTION, file, e);
    }
    List<Symbol> symbols;
    try {
      symbols = ElfSymbols.isElf(bytes) ? ElfSymbols.read(bytes) : MapLines.read(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new BadInput(OPTION + " '" + file + "': " + e.getMessage());
    }
    if (symbols.stream().noneMatch(each -> each.kind() == SymbolKind.CODE)) {
      throw new BadInput(OPTION + " '" + file + "': it has no symbols of code; it may be stripped: name the file with its debugging"
          + " information");
    }
    return symbols.stream().map(each -> each.moved(moved)).toList();
  }
}
