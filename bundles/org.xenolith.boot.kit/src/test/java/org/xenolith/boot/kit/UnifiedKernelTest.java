// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;

class UnifiedKernelTest {
  private static final int ALIGNMENT = 512;

  /** An EFI program with these sections, each stored up to the next multiple of 512 bytes, as ukify makes it. */
  private static byte[] program(Map<String, byte[]> sections) {
    int table = 64 + 24 + 240;
    int size = 1024;
    for (byte[] section : sections.values()) {
      size += (section.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, new byte[] {'M', 'Z'}).putInt(0x3C, 64).putInt(64, 0x4550).putShort(68, (short) 0xAA64).putShort(70, (short) sections
        .size()).putShort(84, (short) 240);
    int at = 1024;
    for (Map.Entry<String, byte[]> section : sections.entrySet()) {
      int stored = (section.getValue().length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      file.put(table, section.getKey().getBytes(StandardCharsets.US_ASCII)).putInt(table + 8, section.getValue().length).putInt(table + 16,
          stored).putInt(table + 20, at).put(at, section.getValue());
      table += 40;
      at += stored;
    }
    return file.array();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> usual() {
    Map<String, byte[]> sections = new LinkedHashMap<>();
    sections.put(".text", bytes("stub"));
    sections.put(".osrel", bytes("ID=debian\n"));
    sections.put(".cmdline", bytes("root=/dev/vda2 quiet\n\0"));
    sections.put(".dtb", bytes("a tree"));
    sections.put(".initrd", bytes("an initrd of odd size"));
    sections.put(".linux", bytes("the kernel"));
    return sections;
  }

  @Test
  void itsPartsAreThoseOfTheSections() {
    UnifiedKernel unified = UnifiedKernel.of(program(usual())).orElseThrow();
    assertArrayEquals(bytes("the kernel"), unified.kernel());
    assertArrayEquals(bytes("an initrd of odd size"), unified.initrd().orElseThrow());
    assertEquals("root=/dev/vda2 quiet", unified.commandLine());
    assertArrayEquals(bytes("a tree"), unified.tree().orElseThrow());
  }

  @Test
  void aGuestHasThePartsUnlessItsUserNamedOthers() {
    byte[] file = program(usual());
    UnifiedKernel unified = UnifiedKernel.of(file).orElseThrow();
    GuestImage plain = unified.in(new GuestImage("kernel", file, Optional.empty(), "", List.of(), Optional.empty()));
    assertArrayEquals(bytes("the kernel"), plain.kernel());
    assertArrayEquals(bytes("an initrd of odd size"), plain.initrd().orElseThrow());
    assertEquals("root=/dev/vda2 quiet", plain.commandLine());
    GuestImage other = unified.in(new GuestImage("kernel", file, Optional.of(bytes("mine")), "debug", List.of(), Optional.empty()));
    assertArrayEquals(bytes("mine"), other.initrd().orElseThrow());
    assertEquals("root=/dev/vda2 quiet debug", other.commandLine());
  }

  @Test
  void oneWithoutAKernelIsAnotherProgram() {
    Map<String, byte[]> sections = usual();
    sections.remove(".linux");
    assertEquals(Optional.empty(), UnifiedKernel.of(program(sections)));
    assertEquals(Optional.empty(), UnifiedKernel.of(bytes("MZ")));
    assertEquals(Optional.empty(), UnifiedKernel.of(new byte[100]));
    byte[] far = program(usual());
    ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putInt(0x3C, Integer.MAX_VALUE);
    assertEquals(Optional.empty(), UnifiedKernel.of(far));
  }

  @Test
  void oneThatIsCutOffIsRefused() {
    byte[] file = program(usual());
    String says = assertThrows(BootException.class, () -> UnifiedKernel.of(Arrays.copyOf(file, file.length - ALIGNMENT))).getMessage();
    assertTrue(says.contains("cut off") && says.contains(".linux"), says);
  }
}
