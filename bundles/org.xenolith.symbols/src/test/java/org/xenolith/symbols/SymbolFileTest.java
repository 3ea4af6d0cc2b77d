// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.inspect.symbols.SymbolTable;

class SymbolFileTest {
  @TempDir
  Path folder;

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }

  private static String code(SymbolTable symbols, long address) {
    return symbols.at(address).filter(found -> found.kind() == SymbolKind.CODE).map(Symbol::name).orElse(null);
  }

  private static String refused(String name) {
    return assertThrows(BadInput.class, () -> SymbolFile.read(List.of(name))).getMessage();
  }

  /** A null section, .symtab and .strtab: main at 0x1000, 32 bytes; undefined puts; data at 0x2000. */
  private static byte[] elf() {
    ByteBuffer elf = ByteBuffer.allocate(512).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1});
    elf.putLong(40, 256).putShort(58, (short) 64).putShort(60, (short) 3);
    symbol(elf, 64 + 24, 1, 2, 1, 0x1000, 32);
    symbol(elf, 64 + 48, 6, 2, 0, 0, 0);
    symbol(elf, 64 + 72, 11, 1, 1, 0x2000, 8);
    elf.put(192, "\0main\0puts\0data\0".getBytes(StandardCharsets.US_ASCII));
    elf.putInt(256 + 64 + 4, 2).putLong(256 + 64 + 24, 64).putLong(256 + 64 + 32, 4 * 24).putInt(256 + 64 + 40, 2);
    elf.putInt(256 + 128 + 4, 3).putLong(256 + 128 + 24, 192).putLong(256 + 128 + 32, 16);
    return elf.array();
  }

  private static void symbol(ByteBuffer elf, int at, int name, int type, int section, long value, long size) {
    elf.putInt(at, name).put(at + 4, (byte) (0x10 | type)).putShort(at + 6, (short) section).putLong(at + 8, value).putLong(at + 16, size);
  }

  @Test
  void functionsOfAnElfFileAreMovedByTheOffset() throws IOException {
    SymbolTable symbols = SymbolFile.read(List.of(file("a.out", elf()) + "@0xaaaa0000"));
    assertEquals("main", code(symbols, 0xAAAA_101FL));
    assertNull(code(symbols, 0xAAAA_1020L));
    assertNull(code(symbols, 0xAAAA_2000L));
    assertNull(code(symbols, 0x1000));
    assertEquals(List.of(new Symbol(0xAAAA_2000L, 8, SymbolKind.DATA, true, "data")), symbols.named("data"));
  }

  @Test
  void linesOfASystemMapEndWhereTheNextBegins() throws IOException {
    SymbolTable symbols = SymbolFile.read(List.of(file("System.map", """
        ffff800008000000 T _text
        ffff800008000000 t __pi_memset
        ffff800008000000 T memset
        ffff800008000100 D jiffies
        ffff800008000200 t $x
        ffff800008000300 t helper
        """.getBytes(StandardCharsets.US_ASCII)).toString()));
    assertEquals("memset", code(symbols, 0xFFFF_8000_0800_00FFL));
    assertNull(code(symbols, 0xFFFF_8000_0800_0100L));
    assertNull(code(symbols, 0xFFFF_8000_0800_0200L));
    assertEquals("helper", code(symbols, 0xFFFF_8000_0800_0304L));
  }

  @Test
  void whatCannotBeReadIsSaidWithTheFile() throws IOException {
    assertTrue(refused(folder.resolve("none").toString()).contains("there is no"));
    assertTrue(refused(file("text", "hello world".getBytes(StandardCharsets.US_ASCII)).toString()).contains("line 1: expected ADDRESS"));
    assertTrue(refused(file("empty", new byte[0]).toString()).contains("no symbols of code"));
    byte[] small = elf();
    small[4] = 1;
    assertTrue(refused(file("elf32", small).toString()).contains("64-bit"));
  }

  @Test
  void damagedElfFilesAreRefusedOrRead() {
    byte[] whole = elf();
    for (int length = 4; length < whole.length; length++) {
      quietly(Arrays.copyOf(whole, length));
    }
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = elf();
      for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
        bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt(256);
      }
      quietly(bytes);
    }
  }

  private static void quietly(byte[] bytes) {
    try {
      assertNotNull(ElfSymbols.read(bytes));
    } catch (IllegalArgumentException refused) {
      assertNotNull(refused.getMessage());
    }
  }
}
