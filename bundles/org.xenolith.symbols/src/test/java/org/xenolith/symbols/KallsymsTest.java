// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.inspect.symbols.SymbolTable;

class KallsymsTest {
  private static final int LAST = KernelFile.SYMBOLS - 1;

  private static SymbolTable find(byte[] image) {
    return Kallsyms.find(image).map(Kallsyms.Found::symbols).orElse(null);
  }

  private static String code(SymbolTable symbols, long address) {
    return symbols.at(address).filter(found -> found.kind() == SymbolKind.CODE).map(Symbol::name).orElse(null);
  }

  private static String name(SymbolTable symbols, int symbol, int within) {
    return code(symbols, KernelFile.BASE + KernelFile.offset(symbol) + within);
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void codeIsNamedWhereverTheAddressesAre(boolean before) {
    SymbolTable symbols = find(KernelFile.of(before));
    assertEquals("function_0", name(symbols, 0, 0));
    assertEquals("function_256", name(symbols, 256, 0x13C));
    assertEquals("function_698", name(symbols, LAST - 1, 4));
    assertEquals("long".repeat(50), name(symbols, 300, 0));
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void whatEachProcessorHasOfItsOwnIsNotInTheKernel(boolean before) {
    SymbolTable symbols = find(KernelFile.withProcessorsOwn(before));
    assertNull(name(symbols, 0, 0));
    assertEquals("function_3", name(symbols, KernelFile.OWN, 0));
    assertEquals("function_256", name(symbols, 256, 0x13C));
    assertEquals("function_698", name(symbols, LAST - 1, 4));
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void aKernelThatHasNotRelocatedItselfHasTheAddressesThatItWasLinkedAt(boolean before) {
    Kallsyms.Found found = Kallsyms.find(KernelFile.notMoved(before)).orElseThrow();
    assertEquals("function_256", name(found.symbols(), 256, 0x13C));
    assertEquals(0, found.linked());
    byte[] noHeader = KernelFile.notMoved(before);
    noHeader[0x38] = 0;
    assertNull(find(noHeader));
  }

  @Test
  void xensTableIsKnownOnArm() {
    SymbolTable symbols = find(KernelFile.ofXen());
    assertEquals("function_256", code(symbols, KernelFile.XEN + KernelFile.offset(256) + 4));
    assertEquals(SymbolKind.DATA, symbols.named("function_9").getFirst().kind());
  }

  @Test
  void allHaveKindSizeAndName() {
    SymbolTable symbols = find(KernelFile.withProcessorsOwn(true));
    assertEquals(KernelFile.SYMBOLS, symbols.all().size());
    long address = KernelFile.BASE + KernelFile.offset(9);
    assertEquals(List.of(new Symbol(address, 0x140, SymbolKind.DATA, true, "function_9")), symbols.named("function_9"));
    assertEquals("function_9+0x10", symbols.at(address + 0x10).orElseThrow().text(address + 0x10));
    assertEquals(SymbolKind.ABSOLUTE, symbols.named("function_1").getFirst().kind());
    assertTrue(symbols.at(symbols.named("function_1").getFirst().address()).isEmpty());
    assertFalse(symbols.named("function_3").getFirst().global());
    assertEquals(List.of(), symbols.named("function_700"));
  }

  @Test
  void dataIsNotCodeAndEndsIt() {
    SymbolTable symbols = find(KernelFile.of(true));
    assertNull(name(symbols, 4, 0));
    assertEquals("function_3", name(symbols, 3, 0x13F));
    assertTrue(symbols.at(KernelFile.BASE - 1).isEmpty());
    assertTrue(symbols.at(0).isEmpty());
  }

  @Test
  void anImageThatIsCutOffAnywhereGivesNothingOrAll() {
    byte[] whole = KernelFile.of(true);
    for (int length = 0; length < whole.length; length += 37) {
      SymbolTable symbols = find(Arrays.copyOf(whole, length));
      if (symbols != null) {
        assertEquals("function_256", name(symbols, 256, 0));
      }
    }
  }

  @Test
  void damagedImagesDoNoHarm() {
    Random random = new Random(4);
    for (int i = 0; i < 600; i++) {
      byte[] image = KernelFile.of(i % 2 == 0);
      for (int damages = 1 + random.nextInt(4); damages > 0; damages--) {
        image[0x3000 + random.nextInt(image.length - 0x4000)] = (byte) random.nextInt(256);
      }
      assertNotNull(Kallsyms.find(image));
    }
  }

  @Test
  void whatPretendsToBeTokensEverywhereIsGivenUp() {
    byte[] image = new byte[1 << 20];
    byte[] digits = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (int at = 0; at + digits.length <= image.length; at += digits.length) {
      System.arraycopy(digits, 0, image, at, digits.length);
    }
    assertTrue(Kallsyms.find(image).isEmpty());
    assertTrue(Kallsyms.find(new byte[0]).isEmpty());
  }
}
