// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.inspect.symbols.SymbolTable;

/** A module's file with three sections of its own, of which two have a function. */
class KernelModuleFileTest {
  private static final byte[] STRINGS = "\0.text\0.init.text\0.data\0.symtab\0probe\0begin\0".getBytes(StandardCharsets.US_ASCII);
  private static final int STRINGS_AT = 64;
  private static final int SYMBOLS_AT = 128;
  private static final int HEADERS_AT = 256;

  private static byte[] module() {
    ByteBuffer file = ByteBuffer.allocate(HEADERS_AT + 6 * 64).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}).putShort(16, (short) 1).putLong(40, HEADERS_AT).putShort(60, (short) 6).putShort(62,
        (short) 5);
    file.put(STRINGS_AT, STRINGS);
    symbol(file, 1, "probe", 1, 0x10);
    symbol(file, 2, "begin", 2, 0);
    section(file, 1, ".text", 1, 0, 0);
    section(file, 2, ".init.text", 1, 0, 0);
    section(file, 3, ".data", 1, 0, 0);
    section(file, 4, ".symtab", 2, SYMBOLS_AT, 3 * 24);
    section(file, 5, ".symtab", 3, STRINGS_AT, STRINGS.length);
    return file.array();
  }

  private static int name(String text) {
    return new String(STRINGS, StandardCharsets.US_ASCII).indexOf("\0" + text + "\0") + 1;
  }

  private static void symbol(ByteBuffer file, int at, String name, int section, long value) {
    file.putInt(SYMBOLS_AT + at * 24, name(name)).putShort(SYMBOLS_AT + at * 24 + 6, (short) section).putLong(SYMBOLS_AT + at * 24 + 8,
        value);
  }

  private static void section(ByteBuffer file, int at, String name, int type, long offset, long size) {
    int header = HEADERS_AT + at * 64;
    file.putInt(header, name(name)).putInt(header + 4, type).putLong(header + 24, offset).putLong(header + 32, size).putInt(header + 40, 5);
  }

  private static SymbolTable loaded(Symbol... symbols) {
    return new SymbolTable() {
      @Override
      public List<Symbol> all() {
        return List.of(symbols);
      }

      @Override
      public Optional<Symbol> at(long address) {
        return Optional.empty();
      }

      @Override
      public long function(long address) {
        return -1;
      }

      @Override
      public List<Symbol> named(String name) {
        return Arrays.stream(symbols).filter(each -> each.name().equals(name)).toList();
      }
    };
  }

  private static Symbol code(String name, long address) {
    return new Symbol(address, 4, SymbolKind.CODE, false, name);
  }

  @Test
  void sectionsAreWhereTheirNamesSay() {
    assertEquals(Optional.of("add-symbol-file /a.ko -s .text 0xffff800001000000 -s .init.text 0xffff800001005000\n"), KernelModuleFile.of(
        module())
        .command("/a.ko", loaded(code("probe", 0xffff_8000_0100_0010L), code("begin", 0xffff_8000_0100_5000L))));
  }

  @Test
  void aNameThatIsThereTwiceOrNotSaysNothing() {
    assertEquals(Optional.of("add-symbol-file /a.ko -s .init.text 0x5000\n"), KernelModuleFile.of(module()).command("/a.ko", loaded(code(
        "probe",
        16), code("probe", 32), code("begin", 0x5000))));
    assertEquals(Optional.empty(), KernelModuleFile.of(module()).command("/a.ko", loaded()));
  }

  @Test
  void whatIsNoModuleOrIsCutIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> KernelModuleFile.of(new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> KernelModuleFile.of(
        "no ELF file, but long enough to have a header of one of those files"
            .getBytes(
                StandardCharsets.US_ASCII)));
    byte[] whole = module();
    for (int length = 0; length < whole.length - 64; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(IllegalArgumentException.class, () -> KernelModuleFile.of(cut), "cut");
    }
    ByteBuffer far = ByteBuffer.wrap(module()).order(ByteOrder.LITTLE_ENDIAN).putLong(40, Long.MAX_VALUE);
    assertThrows(IllegalArgumentException.class, () -> KernelModuleFile.of(far.array()));
  }
}
