// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.testkit.efi.HiiBench.MEMORY_END;
import static org.xenolith.testkit.efi.HiiBench.NOWHERE;
import static org.xenolith.testkit.efi.HiiBench.bytes;
import static org.xenolith.testkit.efi.HiiBench.joined;
import static org.xenolith.testkit.efi.HiiBench.packed;
import static org.xenolith.testkit.efi.HiiBench.strings;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/** What EFI_HII_STRING_PROTOCOL must keep, and packages of strings (UEFI 2.10, 34.3 and 33.3.6), besides what the database of lists must. */
public abstract class HiiStringContract extends HiiDatabaseContract {
  private static final String NOT_FOUND = "NOT_FOUND";
  private static final String ELSEWHERE = "INVALID_LANGUAGE";
  private static final byte[] FONT = packed(HiiBench.FONTS, new byte[] {1, 2, 3});
  private static final byte[] ENGLISH = strings("en-US", "English", "one", "two");
  private static final byte[] FRENCH = strings("fr", "français", "un", "deux", "trois");
  /** Characters of a text that is there again and again, and how often. */
  private static final int LARGE = 50_000;
  private static final int OFTEN = 60_000;

  private HiiBench bench() {
    return new HiiBench(hii());
  }

  @Test
  void stringsOfAllKindsOfBlocksAreFound() {
    HiiBench bench = bench();
    long list = bench.add(strings("en-US", bytes(0x14, 'E', 0, 0, 0, // 1
        0x21, 2, 0, // 2 and 3 are skipped
        0x16, 2, 0, 'a', 0, 0, 0, 'b', 0, 'c', 0, 0, 0, // 4 and 5
        0x20, 5, 0, // 6: as 5
        0x10, 'x', 'y', 0, // 7
        0x31, 0x40, 7, 0, 1, 2, 3, // a font
        0x30, 0x40, 4, 1, // and another
        0x15, 9, 'q', 0, 0, 0, // 8
        0x22, 1, // 9 is skipped
        0x12, 1, 0, 'z', 0, // 10
        0x32, 0x40, 8, 0, 0, 0, 1, 2, 0x11, 7, 'f', 0, // 11
        0x13, 7, 2, 0, 'g', 0, 'h', 0, // 12 and 13
        0x17, 7, 1, 0, 'i', 0, 0, 0, // 14
        0, 0x14, 'n', 0, 0, 0)));
    List<String> found = new ArrayList<>();
    for (int id = 1; id <= 15; id++) {
      found.add(bench.string(list, "en-US", id));
    }
    assertEquals(List.of("E", NOT_FOUND, NOT_FOUND, "a", "bc", "bc", "xy", "q", NOT_FOUND, "z", "f", "g", "h", "i", NOT_FOUND), found);
  }

  @Test
  void aStringIsOfItsLanguage() {
    HiiBench bench = bench();
    long list = bench.add(ENGLISH, FONT, FRENCH);
    assertEquals(List.of("two", "deux", ELSEWHERE, "trois"), List.of(bench.string(list, "en-US", 3), bench.string(list, "fr", 3), bench
        .string(list, "en-US", 4), bench.string(list, "fr", 4)));
    assertEquals(List.of(NOT_FOUND, NOT_FOUND, ELSEWHERE), List.of(bench.string(list, "fr", 5), bench.string(list, "en-US", 0xFFFF), bench
        .string(list, "de", 1)));
    assertEquals(List.of("en-US", "fr"), bench.languages(list));
  }

  @Test
  void whatIsGivenTakesTheRoomThatItSays() {
    HiiBench bench = bench();
    long list = bench.add(ENGLISH, FRENCH);
    long french = bench.ascii("fr");
    byte[] text = bench.given("GetString", (size, room) -> bench.text(HiiBench.GET_STRING, french, list, 1, room, size, 0));
    assertArrayEquals("français\0".getBytes(StandardCharsets.UTF_16LE), text);
    byte[] languages = bench.given("GetLanguages", (size, room) -> bench.text(HiiBench.LANGUAGES, list, room, size));
    assertTrue(List.of("en-US;fr\0", "fr;en-US\0").contains(new String(languages, StandardCharsets.US_ASCII)));
    byte[] none = bench.given("GetSecondaryLanguages", (size, room) -> bench.text(HiiBench.SECONDARY, list, french, room, size));
    assertArrayEquals(new byte[1], none);
  }

  @Test
  void aNewStringHasAnIdentifierOfItsOwn() {
    HiiBench bench = bench();
    long list = bench.add(ENGLISH, FONT, FRENCH);
    long other = bench.add(ENGLISH);
    int three = bench.newString(list, "en-US", "three");
    int four = bench.newString(list, "fr", "quatre");
    int new1 = bench.newString(list, "de", "drei");
    assertTrue(three > 4 && four > 4 && new1 > 4 && three != four && four != new1 && three != new1, "identifiers " + three + ", " + four
        + ", " + new1);
    assertEquals(List.of("three", ELSEWHERE, "quatre", "drei", ELSEWHERE), List.of(bench.string(list, "en-US", three), bench.string(list,
        "fr", three), bench.string(list, "fr", four), bench.string(list, "de", new1), bench.string(list, "en-US", new1)));
    assertEquals(List.of("two", "trois", ELSEWHERE), List.of(bench.string(list, "en-US", 3), bench.string(list, "fr", 4), bench.string(list,
        "en-US", 4)));
    assertEquals(List.of("de", "en-US", "fr"), bench.languages(list));
    assertEquals(NOT_FOUND, bench.string(other, "en-US", three), "another list");
    byte[] exported = bench.exported(list);
    assertTrue(HiiBench.packages(exported).containsAll(HiiBench.packagesOf(FONT)), "the other packages");
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.NEW, bench.place(exported), 0, bench.cell), "what was exported");
    long again = bench.memory.get64(bench.cell);
    assertEquals(List.of("three", "quatre", "drei", "two", ELSEWHERE), List.of(bench.string(again, "en-US", three), bench.string(again,
        "fr",
        four), bench.string(again, "de", new1), bench.string(again, "en-US", 3), bench.string(again, "en-US", 4)));
  }

  @Test
  void aStringChangesInItsLanguage() {
    HiiBench bench = bench();
    long list = bench.add(ENGLISH, FRENCH);
    long other = bench.add(ENGLISH);
    long text = bench.wide("changed");
    assertEquals(EfiStatus.SUCCESS, bench.text(HiiBench.SET_STRING, list, 2, bench.ascii("en-US"), text, 0));
    assertEquals(List.of("changed", "two", "un", "one"), List.of(bench.string(list, "en-US", 2), bench.string(list, "en-US", 3), bench
        .string(
            list, "fr", 2), bench.string(other, "en-US", 2)));
    for (int id : new int[] {5, 6, 0xFFFF}) {
      assertEquals(EfiStatus.NOT_FOUND, bench.text(HiiBench.SET_STRING, list, id, bench.ascii("en-US"), text, 0), "string " + id);
      assertEquals(NOT_FOUND, bench.string(list, "en-US", id));
    }
    assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.SET_STRING, list, 2, bench.ascii("de"), text, 0), "another language");
    assertEquals(List.of("en-US", "fr"), bench.languages(list));
    long skipping = bench.add(strings("en", bytes(0x14, 'E', 0, 0, 0, 0x22, 4, 0x14, 'F', 0, 0, 0, 0)));
    assertEquals(EfiStatus.NOT_FOUND, bench.text(HiiBench.SET_STRING, skipping, 3, bench.ascii("en"), text, 0), "a skipped string");
  }

  @Test
  void listsThatArentThereHaveNoStrings() {
    HiiBench bench = bench();
    long gone = bench.add(ENGLISH);
    assertEquals(EfiStatus.SUCCESS, bench.data(HiiBench.REMOVE, gone));
    long english = bench.ascii("en-US");
    long text = bench.wide("text");
    long cell = bench.cell;
    for (long list : new long[] {gone, NOWHERE, -1, bench.database, bench.strings}) {
      bench.memory.put64(cell, 32);
      assertEquals(EfiStatus.NOT_FOUND, bench.text(HiiBench.NEW_STRING, list, cell + 8, english, 0, text, 0), "NewString");
      assertEquals(EfiStatus.NOT_FOUND, bench.text(HiiBench.GET_STRING, english, list, 1, cell + 8, cell, 0), "GetString");
      assertEquals(EfiStatus.NOT_FOUND, bench.text(HiiBench.SET_STRING, list, 1, english, text, 0), "SetString");
      assertEquals(EfiStatus.NOT_FOUND, bench.text(HiiBench.LANGUAGES, list, cell + 8, cell), "GetLanguages");
      assertEquals(EfiStatus.NOT_FOUND, bench.text(HiiBench.SECONDARY, list, english, cell + 8, cell), "GetSecondaryLanguages");
    }
  }

  @Test
  void whatIsntSaidIsInvalid() {
    HiiBench bench = bench();
    long list = bench.add(ENGLISH);
    long english = bench.ascii("en-US");
    long text = bench.wide("text");
    long cell = bench.cell;
    bench.memory.put64(cell, 32);
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.NEW_STRING, list, 0, english, 0, text, 0), "no identifier");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.NEW_STRING, list, cell + 8, 0, 0, text, 0), "no language");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.NEW_STRING, list, cell + 8, english, 0, 0, 0), "no text");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.GET_STRING, 0, list, 1, cell + 8, cell, 0), "no language");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.GET_STRING, english, list, 1, cell + 8, 0, 0), "no size");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.GET_STRING, english, list, 1, 0, cell, 0), "no room");
    assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.GET_STRING, english, list, 0, cell + 8, cell, 0), "string 0");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.SET_STRING, list, 1, 0, text, 0), "no language");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.SET_STRING, list, 1, english, 0, 0), "no text");
    assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.SET_STRING, list, 0, english, text, 0), "string 0");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.LANGUAGES, list, cell + 8, 0), "no size");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.SECONDARY, list, 0, cell + 8, cell), "no language");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.text(HiiBench.SECONDARY, list, english, cell + 8, 0), "no size");
    bench.memory.put64(cell, 32);
    assertEquals(EfiStatus.INVALID_LANGUAGE, bench.text(HiiBench.SECONDARY, list, bench.ascii("de"), cell + 8, cell), "another language");
    assertEquals("English", bench.string(list, "en-US", 1));
  }

  @Test
  void placesWhereThereIsNoMemoryAreRefused() {
    HiiBench bench = bench();
    long list = bench.add(ENGLISH);
    long english = bench.ascii("en-US");
    long text = bench.wide("lost");
    long cell = bench.cell;
    byte[] endless = new byte[100];
    Arrays.fill(endless, (byte) 'e');
    bench.memory.write(MEMORY_END - endless.length, endless);
    for (long place : new long[] {NOWHERE, FakeRam.BASE - 1, MEMORY_END - 1, MEMORY_END - endless.length, MEMORY_END, -1}) {
      bench.memory.put64(cell, 32);
      boolean isRoom = place == MEMORY_END - endless.length;
      if (!isRoom) {
        assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.NEW_STRING, list, place, english, 0, text, 0), "an identifier for there");
        assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.GET_STRING, english, list, 1, place, cell, 0), "a string for there");
        assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.GET_STRING, english, list, 1, cell + 8, place, 0), "a size for there");
        assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.LANGUAGES, list, place, cell), "languages for there");
        assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.LANGUAGES, list, cell + 8, place), "a size for there");
      }
      assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.NEW_STRING, list, cell + 8, place, 0, text, 0), "a language from there");
      assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.NEW_STRING, list, cell + 8, english, 0, place, 0), "a text from there");
      assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.GET_STRING, place, list, 1, cell + 8, cell, 0), "a language from there");
      assertNotEquals(EfiStatus.SUCCESS, bench.text(HiiBench.SET_STRING, list, 2, english, place, 0), "a text from there");
    }
    assertEquals(List.of("English", "one", "two"), List.of(bench.string(list, "en-US", 1), bench.string(list, "en-US", 2), bench.string(
        list,
        "en-US", 3)));
    for (int id = 4; id < 40; id++) {
      assertEquals(NOT_FOUND, bench.string(list, "en-US", id), "a string whose identifier nobody has");
    }
    assertEquals(List.of("en-US"), bench.languages(list));
  }

  /** What a package of strings hasn't in itself is none of its strings, whether the list is refused or not. */
  @Test
  void packagesThatLieHaveNoStringsBehindThem() {
    HiiBench bench = bench();
    byte[] behind = packed(HiiBench.FONTS, bytes('b', 0, 0, 0, 0, 0, 0, 0));
    byte[] good = strings("en", "a", "b");
    int header = 49;
    List<byte[]> lies = new ArrayList<>();
    lies.add(strings("en", bytes(0x14, 'a', 0, 'a', 0)));
    lies.add(strings("en", bytes(0x14, 'a')));
    lies.add(strings("en", bytes(0x16, 0xFF, 0xFF, 'a', 0)));
    lies.add(strings("en", bytes(0x10, 'a', 'a')));
    lies.add(strings("en", bytes(0x32, 0x40, 0xFF, 0xFF, 0xFF, 0x7F)));
    lies.add(strings("en", bytes(0x32, 0x40, 0xF0, 0xFF, 0xFF, 0xFF, 0x20, 1, 0)));
    lies.add(strings("en", bytes(0x20, 1, 0, 0)));
    lies.add(strings("en", bytes(0x77, 'a', 0, 0, 0, 0)));
    for (int at : new int[] {good.length - 1, good.length, good.length + 4, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      lies.add(ByteBuffer.wrap(good.clone()).order(ByteOrder.LITTLE_ENDIAN).putInt(8, at).array());
    }
    for (int size : new int[] {4, 8, 12, 45, 46, header - 1}) {
      lies.add(ByteBuffer.wrap(Arrays.copyOf(good, size)).order(ByteOrder.LITTLE_ENDIAN).putInt(0, size | HiiBench.STRINGS << 24).array());
    }
    for (byte[] each : lies) {
      if (bench.data(HiiBench.NEW, bench.place(HiiBench.listed(each, behind)), 0, bench.cell) == EfiStatus.SUCCESS) {
        String found = bench.string(bench.memory.get64(bench.cell), "en", 1);
        assertTrue(List.of(NOT_FOUND, ELSEWHERE, "INVALID_PARAMETER", "DEVICE_ERROR").contains(found), () -> Arrays.toString(each) + ": "
            + found);
      }
    }
    assertEquals("English", bench.string(bench.add(ENGLISH), "en-US", 1), "afterwards");
  }

  /** A small package can have a large text in many places: whoever writes it in each has gigabytes. */
  @Test
  void aTextThatIsThereOftenStaysWhatItIs() {
    HiiBench bench = bench();
    String large = "l".repeat(LARGE);
    byte[] again = new byte[3 * OFTEN];
    for (int i = 0; i < again.length; i += 3) {
      again[i] = 0x20;
      again[i + 1] = 1;
    }
    long list = bench.add(strings("en", joined(bytes(0x14), (large + '\0').getBytes(StandardCharsets.UTF_16LE), again, bytes(0))));
    assertEquals(large, bench.string(list, "en", OFTEN));
    int id = bench.newString(list, "en", "more");
    assertEquals(List.of("more", large, large), List.of(bench.string(list, "en", id), bench.string(list, "en", 1), bench.string(list, "en",
        OFTEN)));
    assertEquals(EfiStatus.SUCCESS, bench.text(HiiBench.SET_STRING, list, 1, bench.ascii("en"), bench.wide("small"), 0));
    assertEquals(List.of("small", large), List.of(bench.string(list, "en", 1), bench.string(list, "en", OFTEN)));
  }
}
