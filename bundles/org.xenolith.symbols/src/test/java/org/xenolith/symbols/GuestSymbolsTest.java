// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;

class GuestSymbolsTest {
  private static final long FUNCTION_3 = KernelFile.BASE + KernelFile.offset(3);

  @TempDir
  Path folder;

  private final KernelProcessor processor = new KernelProcessor(KernelFile.of(true));
  private final MachineSymbols symbols = new GuestSymbols();

  private Optional<String> name(long address) {
    return symbols.at(processor, address).map(each -> each.text(address));
  }

  @Test
  void aKernelIsFoundAroundWhatItExecutes() {
    assertEquals("function_3+0x8", name(FUNCTION_3 + 8).orElseThrow());
    assertEquals(FUNCTION_3, symbols.function(processor, FUNCTION_3 + 8));
    assertEquals(List.of(FUNCTION_3), symbols.named(processor, "function_3").stream().map(Symbol::address).toList());
    GuestKernel kernel = symbols.kernel(processor).orElseThrow();
    assertEquals(KernelFile.BASE, kernel.base());
    assertEquals(KernelProcessor.BELOW, kernel.below());
    assertEquals(OptionalLong.empty(), kernel.moved());
    assertEquals("", kernel.version());
  }

  @Test
  void aKernelIsFoundWhileItsProgramRuns() {
    processor.stand(0x40_0000, Privilege.USER);
    assertTrue(name(FUNCTION_3).isEmpty(), "nothing leads to it");
    processor.stand(0x40_0004, Privilege.USER);
    processor.entry = OptionalLong.of(KernelFile.BASE + 0x1000);
    assertEquals("function_3", name(FUNCTION_3).orElseThrow());
    assertTrue(name(KernelProcessor.BELOW).isEmpty(), "a program's address");
  }

  @Test
  void whereTheImageIsBeforeTranslationIsOnHasTheSameNames() {
    assertEquals("function_3", name(FUNCTION_3).orElseThrow());
    assertEquals("function_3+0x4", name(FUNCTION_3 + 4 - KernelFile.BASE + KernelProcessor.BELOW).orElseThrow());
  }

  @Test
  void beforeAKernelHasMovedItsNamesAreWhereItsImageIs() {
    KernelProcessor early = new KernelProcessor(KernelFile.notMoved(true));
    early.first = KernelProcessor.BELOW;
    early.stand(KernelProcessor.BELOW + 0x1000, Privilege.KERNEL);
    long address = KernelProcessor.BELOW + KernelFile.offset(3);
    assertEquals("function_3+0x4", symbols.text(early, address + 4).orElseThrow());
    assertEquals(address, symbols.named(early, "function_3").getFirst().address());
    early.first = KernelFile.BASE;
    early.image = KernelFile.of(true);
    early.stand(KernelFile.BASE + 0x1000, Privilege.KERNEL);
    assertEquals(FUNCTION_3, symbols.named(early, "function_3").getFirst().address());
  }

  @Test
  void eachGuestHasAKernelOfItsOwn() {
    assertEquals("function_3", name(FUNCTION_3).orElseThrow());
    processor.guestTables = 0x1000;
    processor.image = new byte[processor.image.length];
    assertTrue(name(FUNCTION_3).isEmpty());
  }

  @Test
  void aKernelThatIsGoneIsLookedForAgain() {
    assertEquals("function_3", name(FUNCTION_3).orElseThrow());
    byte[] before = processor.image;
    processor.image = new byte[before.length];
    assertTrue(name(FUNCTION_3).isEmpty());
    processor.image = KernelFile.of(false);
    processor.stand(KernelFile.BASE + 0x2000, Privilege.KERNEL);
    assertEquals("function_3", name(FUNCTION_3).orElseThrow());
  }

  @Test
  void memoryWithoutAKernelIsSearchedOnceWhereverItsCodeIsAndAgainOnceItsContentIsAnother() {
    byte[] kernel = processor.image;
    processor.image = new byte[kernel.length];
    assertTrue(name(FUNCTION_3).isEmpty());
    long once = processor.read;
    assertTrue(once >= kernel.length, "all of it");
    for (int i = 0; i < 100; i++) {
      processor.stand(KernelFile.BASE + 0x1000 + 4 * i, Privilege.KERNEL);
      assertTrue(name(FUNCTION_3).isEmpty());
    }
    assertTrue(processor.read - once <= 100 * 2 * 64 * 64, () -> processor.read - once + " bytes for a hundred addresses");
    processor.image = kernel;
    assertEquals("function_3", name(FUNCTION_3).orElseThrow());
  }

  @Test
  void withoutTablesOnlyRamIsSearched() {
    processor.untranslated = true;
    processor.image = new byte[processor.image.length];
    assertTrue(name(FUNCTION_3).isEmpty());
    assertTrue(processor.read < 4L * processor.image.length + 16_384, () -> processor.read + " bytes of " + processor.image.length);
  }

  @Test
  void aKernelThatIsNotMappedNowStays() {
    assertEquals("function_3", name(FUNCTION_3).orElseThrow());
    processor.mapped = false;
    assertEquals("function_3", name(FUNCTION_3).orElseThrow());
  }

  @Test
  void filesAreAskedFirst() throws Exception {
    Path file = Files.write(folder.resolve("System.map"), "%x T better\n%x T end\n".formatted(FUNCTION_3, FUNCTION_3 + 16).getBytes(
        StandardCharsets.US_ASCII));
    symbols.add(new SymbolFinderComponent().files(List.of(file.toString())));
    assertEquals("better", name(FUNCTION_3).orElseThrow());
    assertFalse(symbols.named(processor, "function_3").isEmpty());
  }
}
