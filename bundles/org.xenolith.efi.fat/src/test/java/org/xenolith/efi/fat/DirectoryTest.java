// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.fat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Entries of directories, by Microsoft's FAT 1.03, 6 and 7. */
class DirectoryTest {
  private static final int[] CHARACTERS = {1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30};
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private static byte[] raw(String eleven) {
    return (eleven + " ".repeat(11)).substring(0, 11).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static int checksum(byte[] name) {
    int sum = 0;
    for (int i = 0; i < 11; i++) {
      sum = ((sum & 1) != 0 ? 0x80 : 0) + (sum >> 1) + (name[i] & 0xFF) & 0xFF;
    }
    return sum;
  }

  private DirectoryTest shortEntry(String eleven, int attributes, int lower) {
    byte[] entry = new byte[32];
    System.arraycopy(raw(eleven), 0, entry, 0, 11);
    entry[11] = (byte) attributes;
    entry[12] = (byte) lower;
    bytes.writeBytes(entry);
    return this;
  }

  private DirectoryTest longPart(int order, int sum, String thirteen) {
    byte[] entry = new byte[32];
    entry[0] = (byte) order;
    entry[11] = 0x0F;
    entry[13] = (byte) sum;
    for (int i = 0; i < 13; i++) {
      int c = i < thirteen.length() ? thirteen.charAt(i) : i == thirteen.length() ? 0 : 0xFFFF;
      entry[CHARACTERS[i]] = (byte) c;
      entry[CHARACTERS[i] + 1] = (byte) (c >> 8);
    }
    bytes.writeBytes(entry);
    return this;
  }

  /** A long name in all its parts, the last one first. */
  private DirectoryTest longName(String name, String eleven) {
    int parts = (name.length() + 12) / 13;
    for (int part = parts; part > 0; part--) {
      longPart(part | (part == parts ? 0x40 : 0), checksum(raw(eleven)), name.substring(13 * (part - 1), Math.min(name.length(), 13
          * part)));
    }
    return this;
  }

  private List<Directory.Entry> entries() {
    return Directory.entries(bytes.toByteArray());
  }

  private List<String> names() {
    return entries().stream().map(Directory.Entry::name).toList();
  }

  @Test
  void shortNamesAreUpperCaseUnlessTheirPartsSayOtherwise() {
    shortEntry("README  TXT", 0, 0).shortEntry("README  TXT", 0, 0x08).shortEntry("README  TXT", 0, 0x10).shortEntry("README  TXT", 0, 0x18)
        .shortEntry("EFI        ", 0x10, 0).shortEntry("\005BC     \201\232 ", 0, 0);
    assertEquals(List.of("README.TXT", "readme.TXT", "README.txt", "readme.txt", "EFI", "\u03c3BC.\u00fc\u00dc"), names());
    assertEquals(List.of(false, false, false, false, true, false), entries().stream().map(Directory.Entry::isDirectory).toList());
  }

  @Test
  void anEntryTellsWhereItIsHowLargeAndFromWhen() {
    shortEntry("A          ", 0x21 | 0xC0, 0);
    byte[] one = bytes.toByteArray();
    ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN).putInt(14, 0x1122_3344).putShort(18, (short) 0x5566).putShort(20, (short) 0xF123)
        .putInt(22, 0x7788_99AA).putShort(26, (short) 0xBCDE).putInt(28, 0xFFFF_FFFE);
    assertEquals(List.of(new Directory.Entry("A", "A", 0x21, 0x123_BCDE, 0xFFFF_FFFEL, 0x1122_3344, 0x5566_0000, 0x7788_99AA)), Directory
        .entries(
            one), "28 bits of a cluster, 6 of the attributes");
  }

  @Test
  void aDirectoryEndsWithAnEntryThatWasNeverUsed() {
    shortEntry("A          ", 0, 0).shortEntry("\0          ", 0, 0).shortEntry("B          ", 0, 0);
    assertEquals(List.of("A"), names());
    assertEquals(List.of("A"), Directory.entries(Arrays.copyOf(bytes.toByteArray(), 32)).stream().map(Directory.Entry::name).toList());
    assertEquals(List.of(), Directory.entries(Arrays.copyOf(bytes.toByteArray(), 31)));
    assertEquals(List.of(), Directory.entries(new byte[0]));
  }

  @Test
  void labelsAndDeletedEntriesAreNone() {
    shortEntry("VOLUME     ", 0x08, 0).shortEntry("VOLUME     ", 0x28, 0).shortEntry("\u00e5ONE       ", 0, 0).shortEntry("B          ",
        0x20, 0);
    assertEquals(List.of("B"), names());
  }

  @Test
  void dotsAreTheDirectoryItselfAndItsParent() {
    shortEntry(".          ", 0x10, 0).shortEntry("..         ", 0x10, 0).shortEntry("...        ", 0x10, 0).shortEntry("A          ", 0x10,
        0);
    assertEquals(List.of(true, true, false, false), entries().stream().map(Directory.Entry::isDots).toList());
  }

  @Test
  void longNamesAreOfAnyLength() {
    String longest = "x".repeat(260);
    for (String name : new String[] {"a", "exactly13char", "and fourteen c", "a rather long name.configuration",
        "\u00fcn\u0131c\u00f6d\u0119 \u2713", longest.substring(0, 255), longest}) {
      bytes.reset();
      longName(name, "SHORT~1 TXT").shortEntry("SHORT~1 TXT", 0, 0).shortEntry("NEXT       ", 0, 0);
      assertEquals(List.of(name, "NEXT"), names());
      assertEquals("SHORT~1.TXT", entries().getFirst().shortName());
    }
  }

  @Test
  void eitherNameMeansTheFileInAnyCase() {
    longName("A Long Name", "ALONGN~1   ").shortEntry("ALONGN~1   ", 0, 0);
    Directory.Entry entry = entries().getFirst();
    assertTrue(entry.is("a LONG name"));
    assertTrue(entry.is("alongn~1"));
    assertFalse(entry.is("a long"));
  }

  /** What another system left half, or wrote between, is no name of what follows. */
  @Test
  void longNamesThatAreNotWholeAreNone() {
    String eleven = "SHORT~1    ";
    int sum = checksum(raw(eleven));
    Runnable[] broken = {() -> longName("a long name of it", eleven + "").longPart(1, sum, "once more"), () -> longPart(0x42, sum,
        "second"), () -> longPart(
            1, sum, "first only"), () -> longPart(0x43, sum, "third").longPart(1, sum, "first"), () -> longPart(0x42, sum, "2").longPart(1,
                sum ^ 1, "1"),
        () -> longPart(0x41, sum ^ 1, "of another"), () -> longPart(0x40, sum, "none"), () -> longPart(0x40 | 21, sum, "too long"),
        () -> longName("a long name of it", eleven).longPart(0x40 | 21, sum, "too long"), () -> longPart(0x42, sum, "2").shortEntry(
            "\u00e5         ", 0, 0).longPart(1, sum, "1"),
        () -> longPart(0x41, sum, "deleted").shortEntry("\u00e5         ", 0, 0), () -> longPart(0x41, sum, "a label's").shortEntry(
            "LABEL      ", 8,
            0), () -> longPart(0x80, sum, "none at all")};
    for (int i = 0; i < broken.length; i++) {
      bytes.reset();
      broken[i].run();
      shortEntry(eleven, 0, 0);
      assertEquals(List.of("SHORT~1"), names(), "case " + i);
    }
  }

  @Test
  void aNameThatBeginsAnewCounts() {
    String eleven = "SHORT~1    ";
    int sum = checksum(raw(eleven));
    longPart(0x43, sum, "left over");
    longName("the name of the file", eleven).shortEntry(eleven, 0, 0);
    assertEquals(List.of("the name of the file"), names());
  }
}
