// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.command.api.OptionName.option;

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
    return program(List.copyOf(sections.entrySet()));
  }

  private static byte[] program(List<Map.Entry<String, byte[]>> sections) {
    int table = 64 + 24 + 240;
    int size = 1024;
    for (Map.Entry<String, byte[]> section : sections) {
      size += (section.getValue().length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(0, new byte[] {'M', 'Z'}).putInt(0x3C, 64).putInt(64, 0x4550).putShort(68, (short) 0xAA64).putShort(70, (short) sections
        .size()).putShort(84, (short) 240);
    int at = 1024;
    for (Map.Entry<String, byte[]> section : sections) {
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
    UnifiedKernel unified = UnifiedKernel.of(program(usual()), "").orElseThrow();
    assertArrayEquals(bytes("the kernel"), unified.kernel());
    assertArrayEquals(bytes("an initrd of odd size"), unified.initrd().orElseThrow());
    assertEquals("root=/dev/vda2 quiet", unified.commandLine());
    assertArrayEquals(bytes("a tree"), unified.trees().getFirst().blob());
  }

  @Test
  void aGuestHasThePartsUnlessItsUserNamedOthers() {
    byte[] file = program(usual());
    UnifiedKernel unified = UnifiedKernel.of(file, "").orElseThrow();
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
    assertEquals(Optional.empty(), UnifiedKernel.of(program(sections), ""));
    assertEquals(Optional.empty(), UnifiedKernel.of(bytes("MZ"), ""));
    assertEquals(Optional.empty(), UnifiedKernel.of(new byte[100], ""));
    byte[] far = program(usual());
    ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putInt(0x3C, Integer.MAX_VALUE);
    assertEquals(Optional.empty(), UnifiedKernel.of(far, ""));
  }

  @Test
  void oneThatIsCutOffIsRefused() {
    byte[] file = program(usual());
    String says = assertThrows(BootException.class, () -> UnifiedKernel.of(Arrays.copyOf(file, file.length - ALIGNMENT), "")).getMessage();
    assertTrue(says.contains("cut off") && says.contains(".linux"), says);
  }

  @Test
  void microcodeComesBeforeEitherFirstRootFileSystem() {
    Map<String, byte[]> sections = usual();
    sections.put(".ucode", bytes("microcode"));
    byte[] file = program(sections);
    UnifiedKernel unified = UnifiedKernel.of(file, "").orElseThrow();
    GuestImage plain = new GuestImage("kernel", file, Optional.empty(), "", List.of(), Optional.empty());
    assertArrayEquals(bytes("microcode\0\0\0an initrd of odd size"), unified.in(plain).initrd().orElseThrow());
    GuestImage other = new GuestImage("kernel", file, Optional.of(bytes("mine")), "", List.of(), Optional.empty());
    assertArrayEquals(bytes("microcode\0\0\0mine"), unified.in(other).initrd().orElseThrow());
  }

  /** What all have, and two profiles, of which the second one has a kernel of its own. */
  private static byte[] profiles() {
    return program(List.of(Map.entry(".linux", bytes("the kernel")), Map.entry(".cmdline", bytes("for all")), Map.entry(".profile", bytes(
        "ID=main\n")), Map.entry(".cmdline", bytes("of main")), Map.entry(".profile", bytes("TITLE=\"To the rescue\"\n")), Map.entry(
            ".linux",
            bytes("another")), Map.entry(".sbat", bytes("sbat")), Map.entry(".profile", bytes(""))));
  }

  @Test
  void aProfilesSectionsTakeThePlaceOfThoseOfAll() {
    UnifiedKernel first = UnifiedKernel.of(profiles(), "debug").orElseThrow();
    assertEquals("the kernel|of main|debug", new String(first.kernel(), StandardCharsets.UTF_8) + "|" + first.commandLine() + "|" + first
        .words());
    assertEquals("a unified kernel image; profile @0 of @0 (main), @1 (To the rescue), @2 (another one by its number at the beginning of "
        + option("append") + ")",
        first.account());
    UnifiedKernel second = UnifiedKernel.of(profiles(), " @1  debug more").orElseThrow();
    assertEquals("another|for all|debug more", new String(second.kernel(), StandardCharsets.UTF_8) + "|" + second.commandLine() + "|"
        + second
            .words());
    assertTrue(second.account().endsWith("; without firmware (" + option("firmware") + ") not used: .sbat"), second.account());
    assertEquals("", UnifiedKernel.of(profiles(), "@2").orElseThrow().words());
    assertEquals("@1st", UnifiedKernel.of(profiles(), "@1st").orElseThrow().words());
  }

  @Test
  void aProfileThatIsNotThereIsRefusedWithThoseThatAre() {
    String says = assertThrows(BootException.class, () -> UnifiedKernel.of(profiles(), "@3 debug")).getMessage();
    assertTrue(says.contains("no profile @3, which " + option("append") + " begins with; it has @0 (main), @1 (To the rescue), @2."), says);
    String none = assertThrows(BootException.class, () -> UnifiedKernel.of(program(usual()), "@1")).getMessage();
    assertTrue(none.contains("it has no profiles"), none);
    assertEquals("debug", UnifiedKernel.of(program(usual()), "@0 debug").orElseThrow().words());
  }

  @Test
  void whatItIsIsToldFromItsReleaseAndItsTrees() {
    Map<String, byte[]> sections = usual();
    sections.put(".osrel", bytes("ID=debian\nPRETTY_NAME='Debian 12'\n"));
    sections.put(".uname", bytes("6.1.0\n"));
    sections.put(".splash", bytes("a picture"));
    UnifiedKernel unified = UnifiedKernel.of(program(sections), "").orElseThrow();
    assertEquals("a unified kernel image of Debian 12, kernel 6.1.0; without firmware (" + option("firmware") + ") not used: .splash",
        unified.account());
    assertTrue(unified.unusedTrees("linux.efi", "virt").orElseThrow().endsWith("name the image in the board's place, too: linux.efi"));
    assertEquals(Optional.empty(), unified.unusedTrees("linux.efi", "linux.efi"));
    assertEquals(Optional.empty(), unified.unusedTrees("linux.efi", "linux.efi#acme,board"));
    sections.remove(".dtb");
    assertEquals(Optional.empty(), UnifiedKernel.of(program(sections), "").orElseThrow().unusedTrees("linux.efi", "virt"));
  }
}
