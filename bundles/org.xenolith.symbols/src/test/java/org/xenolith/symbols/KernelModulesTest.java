// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.inspect.symbols.LoadedCode;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;

class KernelModulesTest {
  private static final long HEAD = 0xFFFF_8000_0812_3458L;
  private static final long FIRST = 0xFFFF_8000_0812_0000L;
  private static final long LAST = 0xFFFF_8000_0813_0000L;
  private static final long ONE = 0xFFFF_8000_0100_0000L;
  private static final long TWO = 0xFFFF_8000_0110_0000L;
  private static final int SYMBOLS = 0x1000;
  private static final int STRINGS = 0x2000;
  private static final int LETTERS = 0x3000;
  private static final int CODE = 0x4000;

  private final MappedMemory memory = new MappedMemory();
  private final ModuleLayout layout = layout(true);

  private static ModuleLayout layout(boolean one) {
    return Btf.find(TypesFile.ofModules(one)).flatMap(ModuleLayout::of).orElseThrow();
  }

  /** A module with three symbols and one of elsewhere. */
  private void module(long at, String name) {
    memory.text(at + layout.name(), name);
    memory.word(at + layout.self(), at);
    memory.word(at + layout.base(), at + CODE);
    memory.half(at + layout.size(), 0x2000);
    memory.word(at + layout.table(), at + 0x800);
    memory.word(at + 0x800 + layout.symbols(), at + SYMBOLS);
    memory.half(at + 0x800 + layout.count(), 4);
    memory.word(at + 0x800 + layout.strings(), at + STRINGS);
    memory.word(at + 0x800 + layout.letters(), at + LETTERS);
    memory.text(at + STRINGS, "");
    memory.text(at + STRINGS + 1, name + "_probe");
    memory.text(at + STRINGS + 101, "printk");
    memory.text(at + STRINGS + 201, "table");
    memory.text(at + LETTERS, "ttUd");
    symbol(at, 0, 1, 7, at + CODE + 0x10, 0x20);
    symbol(at, 1, 1, 7, at + CODE + 0x40, 0);
    symbol(at, 2, 101, 0, 0, 0);
    symbol(at, 3, 201, 9, at + CODE + 0x1000, 64);
  }

  private void symbol(long module, int index, int name, int section, long value, long size) {
    long at = module + SYMBOLS + 24L * index;
    memory.half(at, name);
    memory.half(at + 4, section << 16);
    memory.word(at + 8, value);
    memory.word(at + 16, size);
  }

  private void list(long... modules) {
    long[] nodes = new long[modules.length + 2];
    nodes[0] = HEAD;
    nodes[modules.length + 1] = HEAD;
    for (int i = 0; i < modules.length; i++) {
      nodes[i + 1] = modules[i] + layout.list();
    }
    for (int i = 0; i + 1 < nodes.length; i++) {
      memory.word(nodes[i], nodes[i + 1]);
      memory.word(nodes[i + 1] + 8, nodes[i]);
    }
  }

  private KernelModules modules(long head) {
    return new KernelModules(layout, head, FIRST, LAST);
  }

  private static List<String> names(List<LoadedCode> images) {
    return images.stream().map(LoadedCode::name).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereAKernelHasItsModulesIsWhatItsTypesSay(boolean one) {
    assertEquals(new ModuleLayout(8, 24, 104, 160, 128, 136, 0, 8, 16, 24), layout(one));
  }

  @Test
  void aKernelWithoutTypesOrWithDamagedOnesSaysNothing() {
    assertEquals(Optional.empty(), Btf.find(new byte[4096]));
    byte[] whole = TypesFile.ofModules(true);
    for (int i = 64; i < 700; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= (byte) (0x81 + i);
      Btf.find(damaged).flatMap(ModuleLayout::of);
    }
  }

  @Test
  void theHeadIsFoundByItsShapeWhereItHasNoName() {
    module(ONE, "one");
    module(TWO, "two");
    list(ONE, TWO);
    List<LoadedCode> found = modules(0).now(memory, 1);
    assertEquals(List.of("one", "two"), names(found));
    assertEquals(ONE + CODE, found.getFirst().base());
    assertEquals(0x2000, found.getFirst().size());
    assertEquals(names(found), names(modules(HEAD).now(memory, 1)));
  }

  @Test
  void aModulesSymbolsHaveTheirAddressesKindsAndSizes() {
    module(ONE, "one");
    list(ONE);
    LoadedCode image = modules(HEAD).now(memory, 1).getFirst();
    assertEquals(List.of(new Symbol(ONE + CODE + 0x10, 0x20, SymbolKind.CODE, false, "one_probe"), new Symbol(ONE + CODE + 0x40, 0xFC0,
        SymbolKind.CODE, false, "one_probe"), new Symbol(ONE + CODE + 0x1000, 64, SymbolKind.DATA, false, "table")), image.symbols().all());
  }

  @Test
  void aModuleThatIsUnloadedIsKnownNoMore() {
    module(ONE, "one");
    list(ONE);
    KernelModules modules = modules(HEAD);
    assertEquals(List.of("one"), names(modules.now(memory, 1)));
    list();
    assertEquals(List.of(), names(modules.now(memory, 1)));
    module(TWO, "two");
    list(TWO);
    assertEquals(List.of("two"), names(modules.now(memory, 1)));
  }

  @Test
  void whereTheKernelIsNotMappedWhatWasThereLastIsMeant() {
    module(ONE, "one");
    list(ONE);
    KernelModules modules = modules(HEAD);
    modules.now(memory, 1);
    memory.drop(HEAD);
    assertEquals(List.of("one"), names(modules.now(memory, 2)));
  }

  @Test
  void aHeadThatIsNotFoundIsLookedForElsewhereOnly() {
    list();
    KernelModules modules = modules(0);
    assertEquals(List.of(), modules.now(memory, 1));
    module(ONE, "one");
    list(ONE);
    assertEquals(List.of(), modules.now(memory, 1));
    assertEquals(List.of("one"), names(modules.now(memory, 2)));
  }

  @Test
  void aListThatLeadsToItselfOrNowhereEnds() {
    module(ONE, "one");
    module(TWO, "two");
    list(ONE, TWO);
    memory.word(TWO + layout.list(), ONE + layout.list());
    assertEquals(List.of("one", "two"), names(modules(HEAD).now(memory, 1)));
    memory.word(TWO + layout.list(), 0x10);
    assertEquals(List.of("one", "two"), names(modules(HEAD).now(memory, 1)));
  }

  @Test
  void aTableThatLiesHasNoSymbols() {
    module(ONE, "one");
    list(ONE);
    memory.half(ONE + 0x800 + layout.count(), Integer.MAX_VALUE);
    assertTrue(modules(HEAD).now(memory, 1).getFirst().symbols().all().isEmpty());
    memory.half(ONE + 0x800 + layout.count(), 4);
    memory.word(ONE + 0x800 + layout.strings(), 0x10);
    assertTrue(modules(HEAD).now(memory, 1).getFirst().symbols().all().isEmpty());
    memory.word(ONE + 0x800 + layout.strings(), ONE + STRINGS);
    memory.drop(ONE + SYMBOLS);
    assertFalse(modules(HEAD).now(memory, 1).isEmpty());
  }
}
