// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KallsymsTest {
  private static final int LAST = KernelFile.SYMBOLS - 1;

  private static String name(Symbols symbols, int symbol, int within) {
    Symbols.Symbol found = symbols.at(KernelFile.BASE + KernelFile.offset(symbol) + within);
    return found == null ? null : found.name();
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void codeIsNamedWhereverTheAddressesAre(boolean before) {
    Symbols symbols = Kallsyms.find(KernelFile.of(before));
    assertEquals("function_0", name(symbols, 0, 0));
    assertEquals("function_256", name(symbols, 256, 0x13C));
    assertEquals("function_698", name(symbols, LAST - 1, 4));
    assertEquals("long".repeat(50), name(symbols, 300, 0));
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void whatEachProcessorHasOfItsOwnIsNotInTheKernel(boolean before) {
    Symbols symbols = Kallsyms.find(KernelFile.withProcessorsOwn(before));
    assertNull(name(symbols, 0, 0));
    assertEquals("function_3", name(symbols, KernelFile.OWN, 0));
    assertEquals("function_256", name(symbols, 256, 0x13C));
    assertEquals("function_698", name(symbols, LAST - 1, 4));
  }

  @Test
  void dataIsNotCodeAndEndsIt() {
    Symbols symbols = Kallsyms.find(KernelFile.of(true));
    assertNull(name(symbols, 4, 0));
    assertEquals("function_3", name(symbols, 3, 0x13F));
    assertNull(symbols.at(KernelFile.BASE - 1));
    assertNull(symbols.at(0));
  }

  @Test
  void anImageThatIsCutOffAnywhereGivesNothingOrAll() {
    byte[] whole = KernelFile.of(true);
    for (int length = 0; length < whole.length; length += 37) {
      Symbols symbols = Kallsyms.find(Arrays.copyOf(whole, length));
      if (symbols != Symbols.NONE) {
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
    assertSame(Symbols.NONE, Kallsyms.find(image));
    assertSame(Symbols.NONE, Kallsyms.find(new byte[0]));
  }
}
