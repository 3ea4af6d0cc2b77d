// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.symbols.LoadedCode;

class FirmwareImagesTest {
  private static final long POINTER = 0x4740_0000L;
  private static final long SYSTEM = 0x4700_0000L;
  private static final long TABLES = 0x4700_1000L;
  private static final long DEBUG = 0x4700_2000L;
  private static final long LOADED = 0x4700_3000L;
  private static final long PATH = 0x4700_4000L;
  private static final long CORE = 0x4650_0000L;
  private static final long LOADER = 0x4660_0000L;
  private static final long SIGNATURE = 0x5453_5953_2049_4249L;

  private final MappedMemory memory = new MappedMemory();
  private final FirmwareImages firmware = new FirmwareImages();

  private void image(long base, String path) {
    // EDK2's, of Debian's AAVMF, have it there.
    int header = path.isEmpty() ? 0x80 : 3672;
    int optional = header + 24;
    memory.put(base, new byte[0x3000]);
    memory.half(base, 0x5A4D);
    memory.half(base + 0x3C, header);
    memory.half(base + header, 0x4550);
    memory.half(base + optional, 0x20B);
    memory.half(base + optional + 56, 0x3000);
    memory.half(base + optional + 108, path.isEmpty() ? 0 : 16);
    memory.half(base + optional + 112 + 48, 0x1000);
    memory.half(base + optional + 112 + 52, 28);
    memory.half(base + 0x1000 + 12, 2);
    memory.half(base + 0x1000 + 20, 0x1100);
    memory.put(base + 0x1100, "NB10".getBytes(StandardCharsets.US_ASCII));
    memory.text(base + 0x1110, path);
  }

  private void tables() {
    memory.word(POINTER, SIGNATURE);
    memory.word(POINTER + 8, SYSTEM);
    memory.word(SYSTEM, SIGNATURE);
    memory.word(SYSTEM + 104, 1);
    memory.word(SYSTEM + 112, TABLES);
    memory.word(TABLES, 0x4764_1ADA_4915_2E77L);
    memory.word(TABLES + 8, 0x8B5E_D9FE_FE7A_A2B7L);
    memory.word(TABLES + 16, DEBUG);
    memory.half(DEBUG + 4, 3);
    memory.word(DEBUG + 8, DEBUG + 0x100);
    entry(0, CORE, 0);
    memory.word(DEBUG + 0x108, 0);
    entry(2, LOADER, PATH);
  }

  private void entry(int index, long base, long path) {
    long info = DEBUG + 0x200 + index * 32L;
    memory.word(DEBUG + 0x100 + 8L * index, info);
    memory.half(info, 1);
    memory.word(info + 8, LOADED + 256L * index);
    memory.word(LOADED + 256L * index + 32, path);
    memory.word(LOADED + 256L * index + 64, base);
    memory.word(LOADED + 256L * index + 72, 0x3000);
  }

  private void path() {
    byte[] file = "\\EFI\\debian\\grubaa64.efi\0".getBytes(StandardCharsets.UTF_16LE);
    memory.half(PATH, 0x0404 | file.length + 4 << 16);
    memory.put(PATH + 4, file);
    memory.half(PATH + 4 + file.length, 0x4FF7F | 0);
  }

  @Test
  void imagesOfTheDebuggingTableAreKnownByTheirFilesOrPaths() {
    image(CORE, "/build/edk2/DxeCore.dll");
    image(LOADER, "");
    tables();
    path();
    List<LoadedCode> found = firmware.now(memory, CORE + 0x1000);
    assertEquals(List.of("DxeCore.dll", "grubaa64.efi"), found.stream().map(LoadedCode::name).toList());
    assertEquals(List.of(CORE, LOADER), found.stream().map(LoadedCode::base).toList());
    assertEquals("grubaa64.efi+0x1234", found.getLast().symbols().at(LOADER + 0x1234).orElseThrow().text(LOADER + 0x1234));
  }

  @Test
  void withoutATableTheHeaderBeforeAnAddressSaysIt() {
    image(CORE, "/build/edk2/DxeCore.dll");
    assertEquals(List.of(), firmware.now(memory, 1));
    assertEquals("DxeCore.dll", firmware.around(memory, CORE + 0x2FFF).orElseThrow().name());
    assertTrue(firmware.names(memory, CORE + 0x1000));
    assertTrue(firmware.around(memory, CORE + 0x3000).isEmpty(), "behind it");
    assertTrue(firmware.around(memory, LOADER).isEmpty(), "not mapped");
    image(LOADER, "");
    assertFalse(firmware.names(memory, LOADER + 0x1000), "a kernel's image says no name");
    assertEquals("image", firmware.around(memory, LOADER + 0x1000).orElseThrow().name());
  }

  @Test
  void tablesThatLieHaveNoImages() {
    image(CORE, "/build/edk2/DxeCore.dll");
    tables();
    memory.half(DEBUG + 4, -1);
    memory.word(DEBUG + 8, -8);
    assertEquals(List.of(), firmware.now(memory, CORE + 0x1000));
    memory.word(SYSTEM + 104, -1);
    memory.word(SYSTEM + 112, -24);
    assertEquals(List.of(), firmware.now(memory, CORE + 0x1000));
    memory.word(SYSTEM, 0);
    assertEquals(List.of(), firmware.now(memory, CORE + 0x1000), "it is gone");
  }
}
