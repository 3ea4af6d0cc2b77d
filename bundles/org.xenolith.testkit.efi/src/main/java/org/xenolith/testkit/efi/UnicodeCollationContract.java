// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;

/** What EFI_UNICODE_COLLATION_PROTOCOL must keep, with languages by RFC 4646 (UEFI 2.10, 21.1). */
public abstract class UnicodeCollationContract {
  private static final int STRI_COLL = 0;
  private static final int METAI_MATCH = 8;
  private static final int STR_LWR = 16;
  private static final int STR_UPR = 24;
  private static final int FAT_TO_STR = 32;
  private static final int STR_TO_FAT = 40;
  private static final int LANGUAGES = 48;
  private static final int MOST_LANGUAGES = 1024;
  private static final long NOWHERE = 0x10;
  private static final long END = FakeRam.BASE + FakeRam.SIZE;
  private static final byte FILL = (byte) 0xA5;
  private static final int GUARD = 64;
  /** More characters than a line has, or a path. */
  private static final int LONG = 5000;
  /** What a short name of FAT may not have, but for what is left out of it (Microsoft, FAT specification 1.03, 6.1). */
  private static final String ILLEGAL = "\"*+,/:;<=>?[\\]|";

  /** A new EFI_UNICODE_COLLATION_PROTOCOL. */
  protected abstract OfferedProtocols collation();

  private static final class Bench {
    final FakeFirmware firmware;
    final EfiRam memory;
    final long protocol;
    final long room;

    Bench(OfferedProtocols collation) {
      firmware = collation.firmware();
      memory = firmware.memory();
      protocol = collation.protocol(Protocol.UNICODE_COLLATION2);
      room = firmware.room(2 * LONG + 2 * GUARD);
    }

    long call(int function, long... arguments) {
      return ProtocolCall.value(firmware, protocol, function, arguments);
    }

    private static byte[] bytes(String text) {
      return (text + '\0').getBytes(StandardCharsets.UTF_16LE);
    }

    long text(String text) {
      byte[] bytes = bytes(text);
      long at = firmware.room(bytes.length);
      memory.write(at, bytes);
      return at;
    }

    int compared(String one, String other) {
      return Long.signum(call(STRI_COLL, text(one), text(other)));
    }

    /** A BOOLEAN is a byte; what else is in the register is unspecified (AAPCS64, 6.9). */
    boolean answer(int function, long... arguments) {
      long said = call(function, arguments) & 0xFF;
      assertTrue(said <= 1, "a BOOLEAN of " + said);
      return said == 1;
    }

    boolean matches(String text, String pattern) {
      return answer(METAI_MATCH, text(text), text(pattern));
    }

    /** Fills the room; what is in it. */
    byte[] filled() {
      byte[] bytes = new byte[2 * LONG + 2 * GUARD];
      Arrays.fill(bytes, FILL);
      memory.write(room, bytes);
      return bytes;
    }

    private void holds(byte[] expected, byte[] what, String text) {
      System.arraycopy(what, 0, expected, GUARD, what.length);
      assertArrayEquals(expected, memory.read(room, expected.length), () -> brief(text));
    }

    private static String brief(String text) {
      return text.length() < GUARD ? text : text.substring(0, GUARD) + "..., " + text.length() + " characters";
    }

    /** Changes a text's case. */
    void changes(int function, String text, String expected) {
      byte[] all = filled();
      memory.write(room + GUARD, bytes(text));
      call(function, room + GUARD);
      holds(all, bytes(expected), text);
    }

    void fromFat(String fat, long size, String expected) {
      byte[] all = filled();
      long name = firmware.room(fat.length());
      memory.write(name, fat.getBytes(StandardCharsets.US_ASCII));
      call(FAT_TO_STR, size, name, room + GUARD);
      holds(all, bytes(expected), fat);
    }

    /** Makes a name for FAT. Letters of either case will do. */
    void toFat(String text, long size, String expected, boolean replaced) {
      byte[] all = filled();
      assertEquals(replaced, answer(STR_TO_FAT, text(text), size, room + GUARD), () -> "whether a character is replaced: "
          + brief(text));
      byte[] fat = memory.read(room + GUARD, expected.length());
      String found = new String(fat, StandardCharsets.ISO_8859_1);
      assertEquals(expected, found.toUpperCase(Locale.ROOT), () -> brief(text));
      holds(all, fat, text);
    }
  }

  private Bench bench() {
    return new Bench(collation());
  }

  @Test
  void languagesAreCodes() {
    Bench bench = bench();
    long at = bench.memory.get64(bench.protocol + LANGUAGES);
    StringBuilder all = new StringBuilder();
    for (int each = bench.memory.get8(at); each != 0; each = bench.memory.get8(at + all.length())) {
      all.append((char) each);
      assertTrue(all.length() < MOST_LANGUAGES, "languages without an end");
    }
    Set<String> seen = new HashSet<>();
    for (String each : all.toString().split(";", -1)) {
      assertTrue(each.matches("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"), () -> "language \"" + each + "\"");
      assertTrue(seen.add(each), () -> each + " comes twice");
    }
  }

  @Test
  void caseMakesNoDifference() {
    Bench bench = bench();
    for (String each : List.of("", "a", "fs0:\\EFI\\Boot\\bootAA64.efi", "@[`{_~", "x".repeat(LONG))) {
      assertEquals(0, bench.compared(each, each), () -> Bench.brief(each));
      assertEquals(0, bench.compared(each.toLowerCase(Locale.ROOT), each.toUpperCase(Locale.ROOT)), () -> Bench.brief(each));
    }
    String letters = IntStream.rangeClosed('A', 'Z').mapToObj(Character::toString).collect(Collectors.joining());
    assertEquals(0, bench.compared(letters, letters.toLowerCase(Locale.ROOT)));
    for (int i = ' '; i < 0x7F; i++) {
      String each = Character.toString(i);
      String other = Character.toString(i ^ 0x20);
      if (!Character.isLetter(i)) {
        assertTrue(bench.compared(each, other) != 0, () -> each + " isn't " + other);
      }
    }
  }

  @Test
  void textsHaveAnOrder() {
    Bench bench = bench();
    List<String> texts = List.of("", "a", "A1", "ab", "ABC", "abd", "B", "ba", "Startup", "startup.nsh", "Z");
    for (String one : texts) {
      for (String other : texts) {
        assertEquals(-bench.compared(other, one), bench.compared(one, other), () -> one + " and " + other);
      }
    }
    for (int i = 0; i < texts.size(); i++) {
      for (int more = i + 1; more < texts.size(); more++) {
        String one = texts.get(i);
        String other = texts.get(more);
        boolean isBefore = one.isEmpty() || other.toLowerCase(Locale.ROOT).startsWith(one.toLowerCase(Locale.ROOT)) || Character
            .isLetter(one.charAt(0)) && Character.toLowerCase(one.charAt(0)) < Character.toLowerCase(other.charAt(0));
        int found = bench.compared(one, other);
        assertTrue(isBefore ? found < 0 : found != 0, () -> one + " before " + other + ": " + found);
      }
    }
  }

  @Test
  void longTextsAreComparedToTheirEnd() {
    Bench bench = bench();
    String same = "s".repeat(LONG);
    assertEquals(0, bench.compared(same + "a", same + "A"));
    assertTrue(bench.compared(same + "a", same + "B") < 0, "another character");
    assertTrue(bench.compared(same + "a", same) > 0, "one more character");
  }

  @Test
  void patternsMeanWhatTheyShow() {
    Bench bench = bench();
    String[][] matching = {{"", ""}, {"", "*"}, {"", "***"}, {"a", "?"}, {"a", "*"}, {"a", "A"}, {"A", "a"}, {"startup.nsh", "*.NSH"}, {
        "STARTUP.NSH", "start*"}, {"fs1:", "FS?:"}, {"abc", "a*c"}, {"ac", "a*c"}, {"abcbc", "a*bc"}, {"aXbXc", "*x*x*"}, {"b", "[abc]"},
        {"C", "[abc]"}, {"b", "[a-c]"}, {"a", "[a-c]"}, {"c", "[a-c]"}, {"B", "[a-c]"}, {"b", "[A-C]"}, {"5", "[0-9]"}, {"blk7:",
            "blk[0-9]:"}, {"blk12:", "BLK*[0-9]:"}, {"xxb", "*[a-c]"}, {"b2", "[abc][123]"}, {"\u4e2d", "?"}, {"\u4e2d", "\u4e2d"}};
    for (String[] each : matching) {
      assertTrue(bench.matches(each[0], each[1]), () -> Arrays.toString(each));
    }
    String[][] others = {{"a", ""}, {"", "?"}, {"", "a"}, {"", "[a]"}, {"ab", "?"}, {"a", "??"}, {"a", "b"}, {"ab", "a"}, {"a", "ab"}, {
        "startup.efi", "*.nsh"}, {"startup.nsh2", "*.nsh"}, {"d", "[abc]"}, {"-", "[a-c]"}, {"d", "[a-c]"}, {"D", "[a-c]"}, {"ab", "[abc]"},
        {"blk:", "blk[0-9]:"}, {"abcb", "a*bc"}, {"a*", "a?c"}, {"\u4e2d", "\u4e2e"}, {"b", "*a*"}, {"?", "a"}};
    for (String[] each : others) {
      assertFalse(bench.matches(each[0], each[1]), () -> Arrays.toString(each));
    }
  }

  @Test
  void longTextsMatchToTheirEnd() {
    Bench bench = bench();
    String same = "s".repeat(LONG);
    assertTrue(bench.matches(same + "t", "*T"), "the last character");
    assertTrue(bench.matches(same, same), "each character");
    assertFalse(bench.matches(same + "t", "*s"), "one more in the text");
    assertFalse(bench.matches(same, same + "t"), "one more in the pattern");
    assertFalse(bench.matches(same + "u", same + "t"), "another one");
  }

  /** Whoever tries each star at each place isn't done before the sun is cold. */
  @Test
  void aPatternOfManyStarsComesToAnEnd() {
    Bench bench = bench();
    assertFalse(bench.matches("a".repeat(100), "*a".repeat(50) + "b"));
    assertTrue(bench.matches("a".repeat(100) + "b", "*a".repeat(50) + "*b"));
    assertFalse(bench.matches("a".repeat(1000), "*[a-c]?".repeat(300) + "b"));
    assertFalse(bench.matches("a".repeat(LONG), "*a".repeat(LONG / 2) + "b"));
  }

  @Test
  void textsChangeTheirCaseInTheirPlace() {
    Bench bench = bench();
    for (String each : List.of("", "x", "Y", "Shell> DIR \\efi\\*.Efi", "@[`{_~0129", "\u4e2d\u6587", "Zz".repeat(LONG / 2 - 1))) {
      bench.changes(STR_LWR, each, each.toLowerCase(Locale.ROOT));
      bench.changes(STR_UPR, each, each.toUpperCase(Locale.ROOT));
    }
  }

  /** Each character that either function changes is the same to a comparison. */
  @Test
  void whatChangesItsCaseIsTheSame() {
    Bench bench = bench();
    for (int first = 1; first < 0x600; first += 0x80) {
      String text = IntStream.range(first, first + 0x80).mapToObj(Character::toString).collect(Collectors.joining());
      for (int function : new int[] {STR_LWR, STR_UPR}) {
        long changed = bench.text(text);
        bench.call(function, changed);
        assertEquals(0, bench.call(STRI_COLL, changed, bench.text(text)), "characters from " + first);
        assertEquals(text.length(), bench.memory.text(changed, text.length()).length(), "characters from " + first);
      }
    }
  }

  @Test
  void namesOfFatBecomeTexts() {
    Bench bench = bench();
    bench.fromFat("README  ", 8, "README  ");
    bench.fromFat("README  TXT", 11, "README  TXT");
    bench.fromFat("README", 1, "R");
    bench.fromFat("README", 0, "");
    bench.fromFat("N".repeat(LONG - 1), LONG - 1, "N".repeat(LONG - 1));
  }

  @Test
  void textsBecomeNamesOfFat() {
    Bench bench = bench();
    bench.toFat("README", 8, "README", false);
    bench.toFat("readme", 6, "README", false);
    bench.toFat("readme", 5, "READM", false);
    bench.toFat("readme", 0, "", false);
    bench.toFat("", 8, "", false);
    bench.toFat("read me.txt", 11, "READMETXT", false);
    bench.toFat(" . .", 8, "", false);
    bench.toFat("a.b c", 3, "ABC", false);
    bench.toFat("AB+", 2, "AB", false);
    bench.toFat("AB+", 3, "AB_", true);
    bench.toFat("a\u4e2db", 8, "A_B", true);
    for (char each : ILLEGAL.toCharArray()) {
      bench.toFat("A" + each + "B", 8, "A_B", true);
    }
  }

  /** How many bytes there may be is a number without a sign; what is behind a shorter name stays. */
  @Test
  void aNameOfFatTakesNoMoreThanItHas() {
    Bench bench = bench();
    for (long size : new long[] {7, LONG, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      bench.toFat("kernel", size, "KERNEL", false);
    }
    bench.toFat("k".repeat(LONG), -1, "K".repeat(LONG), false);
  }

  @Test
  void whatIsNoTextHasAnAnswer() {
    Bench bench = bench();
    byte[] endless = new byte[LONG];
    Arrays.fill(endless, (byte) 'A');
    bench.memory.write(END - LONG, endless);
    long text = bench.text("Text");
    for (long place : new long[] {0, NOWHERE, FakeRam.BASE - 2, END - LONG, END - 1, END, -2, -1, 1L << 60}) {
      bench.call(STRI_COLL, place, text);
      bench.call(STRI_COLL, text, place);
      bench.call(STRI_COLL, place, place);
      bench.call(STR_LWR, place);
      bench.call(STR_UPR, place);
      bench.call(FAT_TO_STR, 8, place, bench.room);
      bench.answer(METAI_MATCH, place, text);
      bench.answer(METAI_MATCH, text, place);
      bench.answer(STR_TO_FAT, place, 8, bench.room);
      bench.answer(STR_TO_FAT, text, 8, END - LONG == place ? END - 2 : place);
      bench.call(FAT_TO_STR, 8, text, END - LONG == place ? END - 8 : place);
    }
    for (long size : new long[] {FakeRam.SIZE, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
      bench.call(FAT_TO_STR, size, END - LONG, END - 8);
    }
    assertEquals("Text", bench.memory.text(text, LONG), "a text that was only read");
    caseMakesNoDifferenceAfterwards(bench);
  }

  private static void caseMakesNoDifferenceAfterwards(Bench bench) {
    assertEquals(0, bench.compared("Text", "tEXT"), "afterwards");
    assertTrue(bench.matches("Text", "*T"), "afterwards");
    bench.changes(STR_UPR, "Text", "TEXT");
  }
}
