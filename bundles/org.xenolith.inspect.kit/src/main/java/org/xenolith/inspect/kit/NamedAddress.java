// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.inspect.symbols.SymbolTable;

/**
 * An address as people write it: {@code 0x…}, or plain hexadecimal digits; a symbol; a register; each of the latter also with {@code +OFFSET} or {@code -OFFSET}.
 *
 * @param address what it is
 * @param symbol  which symbol was named, if one was
 */
public record NamedAddress(long address, Optional<Symbol> symbol) {
  /** Reads one. @throws BadInput if it is none; the message says what is near */
  public static NamedAddress of(NamedMachine on, InspectedProcessor processor, String text) {
    int sign = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
    Optional<Long> offset = sign > 0 ? Texts.number(text.substring(sign + 1)) : Optional.empty();
    if (offset.isPresent()) {
      NamedAddress base = base(on, processor, text.substring(0, sign));
      return new NamedAddress(base.address + (text.charAt(sign) == '+' ? offset.get() : -offset.get()), base.symbol);
    }
    return base(on, processor, text);
  }

  private static NamedAddress base(NamedMachine on, InspectedProcessor processor, String text) {
    if (text.startsWith("0x") || text.startsWith("0X")) {
      return new NamedAddress(Texts.number(text).orElseThrow(() -> new BadInput("'" + text
          + "' is no address: expected 16 hexadecimal digits at most")),
          Optional.empty());
    }
    Optional<RegisterDescription> register = processor.registers().stream().filter(each -> each.name().equals(text)).findFirst();
    if (register.isPresent() && register.get().bits() <= 64) {
      return new NamedAddress(processor.value(text)[0], Optional.empty());
    }
    if (text.matches("[0-9][0-9a-fA-F]{0,15}")) {
      return new NamedAddress(Long.parseUnsignedLong(text, 16), Optional.empty());
    }
    List<Symbol> named = on.symbols().named(processor, text);
    if (!named.isEmpty()) {
      return new NamedAddress(named.getFirst().address(), Optional.of(named.getFirst()));
    }
    if (text.matches("[0-9a-fA-F]{1,16}")) {
      return new NamedAddress(Long.parseUnsignedLong(text, 16), Optional.empty());
    }
    throw unknown(on, processor, text);
  }

  private static BadInput unknown(NamedMachine on, InspectedProcessor processor, String text) {
    List<SymbolTable> tables = on.symbols().tables(processor);
    if (tables.isEmpty()) {
      return new BadInput("'" + text + "': no symbols are known: no kernel of a known form is where cpu" + processor.index()
          + " executes; use an address (0x…), or name a file: symbols add FILE");
    }
    List<String> names = new ArrayList<>();
    tables.forEach(each -> each.all().forEach(symbol -> names.add(symbol.name())));
    boolean data = tables.stream().flatMap(each -> each.all().stream()).anyMatch(each -> each.kind() == SymbolKind.DATA);
    return new BadInput("there is no symbol or register '" + text + "'" + Texts.near(text, names, data
        ? "; symbols PART lists those with a part of a name"
        : "; the kernel names its functions only: variables are known from a file (symbols add FILE)"));
  }
}
