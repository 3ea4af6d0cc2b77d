// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;

/** What EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL must keep, whatever shows the text (UEFI 2.10, 12.4). */
public abstract class TextOutputContract {
  private static final int RESET = 0;
  private static final int OUTPUT_STRING = 8;
  private static final int TEST_STRING = 16;
  private static final int QUERY_MODE = 24;
  private static final int SET_MODE = 32;
  private static final int SET_ATTRIBUTE = 40;
  private static final int CLEAR_SCREEN = 48;
  private static final int SET_CURSOR = 56;
  private static final int ENABLE_CURSOR = 64;
  private static final int MODE = 72;
  private static final int ATTRIBUTES = 0x7F;
  private static final int BACKGROUND = 0x70;
  private static final long NOWHERE = 0x10;
  private static final long FILL = 0xA5A5_A5A5_A5A5_A5A5L;
  private static final int MOST = 4000;

  /** A screen that shows text at once. */
  public interface Screen {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of its protocol. */
    long protocol();

    /** All text that has come to it so far, with whatever it is told besides. */
    String shown();
  }

  /** A new one, in mode 0, as a driver has started it. */
  protected abstract Screen screen();

  private static final class Bench {
    final Screen screen;
    final EfiRam memory;
    final long text;
    final long columns;
    final long rows;

    Bench(Screen screen) {
      this.screen = screen;
      memory = screen.firmware().memory();
      text = screen.firmware().room(2 * MOST + 2);
      columns = screen.firmware().room(8);
      rows = screen.firmware().room(8);
    }

    EfiStatus call(int function, long one, long other, long third) {
      return ProtocolCall.status(screen.firmware(), screen.protocol(), function, one, other, third);
    }

    EfiStatus call(int function, long one) {
      return call(function, one, 0, 0);
    }

    void good(int function, long one, long other) {
      assertEquals(EfiStatus.SUCCESS, call(function, one, other, 0), () -> "the function at " + function + " with " + one + ", " + other);
    }

    long text(String what) {
      memory.write(text, (what + '\0').getBytes(StandardCharsets.UTF_16LE));
      return text;
    }

    long mode() {
      return memory.get64(screen.protocol() + MODE);
    }

    int mode(int at) {
      return (int) memory.get32(mode() + at);
    }

    int maximum() {
      return mode(0);
    }

    int attribute() {
      return mode(8);
    }

    String cursor() {
      return mode(12) + "," + mode(16);
    }

    /** All of EFI_SIMPLE_TEXT_OUTPUT_MODE. */
    String described() {
      return "modes " + maximum() + ", mode " + mode(4) + ", attribute " + attribute() + ", cursor " + cursor() + ", visible "
          + memory.get8(mode() + 20);
    }

    /** What a call is refused with changes nothing that is described or shown. */
    void refused(int function, long one, long other) {
      String before = described();
      String shown = screen.shown();
      String what = "the function at " + function + " with 0x" + Long.toHexString(one) + ", 0x" + Long.toHexString(other);
      assertEquals(EfiStatus.UNSUPPORTED, call(function, one, other, 0), what);
      assertEquals(before, described(), what);
      assertEquals(shown, screen.shown(), what);
    }

    void prints(String what, String cursor) {
      String shown = screen.shown();
      good(OUTPUT_STRING, text(what), 0);
      assertEquals(shown + what, screen.shown(), "what is shown");
      String where = what.length() > 20 ? what.length() + " characters" : what.replace("\r", "CR").replace("\n", "LF").replace("\b", "BS");
      assertEquals(cursor, cursor(), "column and row behind " + where);
    }
  }

  @Test
  void theModeIsDescribed() {
    Bench bench = new Bench(screen());
    assertTrue(bench.maximum() >= 1, "MaxMode");
    assertEquals(0, bench.mode(4), "Mode");
    assertEquals(0, bench.attribute() & ~ATTRIBUTES, "bits of Attribute that mean nothing");
    assertTrue(bench.mode(12) >= 0 && bench.mode(12) < 80 && bench.mode(16) >= 0 && bench.mode(16) < 25, bench::cursor);
    assertTrue(bench.memory.get8(bench.mode() + 20) <= 1, "CursorVisible");
  }

  /** Mode 0 is of 80 by 25, and mode 1 of 80 by 50, or there is none of that number. */
  @Test
  void modesAreTold() {
    Bench bench = new Bench(screen());
    for (int mode = 0; mode < bench.maximum(); mode++) {
      EfiStatus status = bench.call(QUERY_MODE, mode, bench.columns, bench.rows);
      if (status == EfiStatus.UNSUPPORTED && mode == 1) {
        continue;
      }
      assertEquals(EfiStatus.SUCCESS, status, "QueryMode of " + mode);
      long columns = bench.memory.get64(bench.columns);
      long rows = bench.memory.get64(bench.rows);
      assertTrue(columns > 0 && columns < 10_000 && rows > 0 && rows < 10_000, () -> columns + " by " + rows);
      if (mode < 2) {
        assertEquals(mode == 0 ? "80 by 25" : "80 by 50", columns + " by " + rows);
      }
    }
    for (long bad : new long[] {bench.maximum(), bench.maximum() + 1L, 1L << 32, -1}) {
      bench.memory.put64(bench.columns, FILL);
      bench.memory.put64(bench.rows, FILL);
      assertEquals(EfiStatus.UNSUPPORTED, bench.call(QUERY_MODE, bad, bench.columns, bench.rows), "QueryMode of " + bad);
      assertEquals(FILL, bench.memory.get64(bench.columns), "columns of a mode that there isn't");
      assertEquals(FILL, bench.memory.get64(bench.rows), "rows of a mode that there isn't");
    }
  }

  @Test
  void aModeIsSetWithAClearScreen() {
    Bench bench = new Bench(screen());
    for (long bad : new long[] {bench.maximum(), bench.maximum() + 1L, 1L << 32, -1}) {
      bench.refused(SET_MODE, bad, 0);
    }
    bench.good(SET_CURSOR, 7, 5);
    bench.good(SET_MODE, 0, 0);
    assertEquals(0, bench.mode(4), "Mode");
    assertEquals("0,0", bench.cursor(), "the cursor");
  }

  @Test
  void theCursorIsPutOnTheScreenOnly() {
    Bench bench = new Bench(screen());
    for (int[] each : new int[][] {{0, 0}, {79, 0}, {0, 24}, {79, 24}, {40, 12}}) {
      bench.good(SET_CURSOR, each[0], each[1]);
      assertEquals(each[0] + "," + each[1], bench.cursor());
    }
    for (long[] each : new long[][] {{80, 0}, {0, 25}, {80, 25}, {-1, 0}, {0, -1}, {1L << 32, 0}, {0, 1L << 32}}) {
      bench.refused(SET_CURSOR, each[0], each[1]);
    }
  }

  /** What control characters do, and where lines end, is said with OutputString. */
  @Test
  void theCursorMovesWithTheText() {
    Bench bench = new Bench(screen());
    bench.good(SET_CURSOR, 0, 0);
    bench.prints("abc", "3,0");
    bench.prints("\n", "3,1");
    bench.prints("\b", "2,1");
    bench.prints("\r", "0,1");
    bench.prints("\b", "0,1");
    bench.prints("one\r\ntwo", "3,2");
    bench.prints("", "3,2");
    bench.prints("x".repeat(76), "79,2");
    bench.prints("y", "0,3");
    bench.prints("z".repeat(2 * 80 + 5), "5,5");
    bench.good(SET_CURSOR, 10, 24);
    bench.prints("\n", "10,24");
    bench.prints("w".repeat(71), "1,24");
    bench.prints("v".repeat(3000), "41,24");
  }

  @Test
  void coloursAreSet() {
    Bench bench = new Bench(screen());
    for (int attribute = 0; attribute <= ATTRIBUTES; attribute++) {
      bench.good(SET_ATTRIBUTE, attribute, 0);
      assertEquals(attribute, bench.attribute(), "Attribute");
    }
    for (long bad : new long[] {0x80, 0x100, 0x8000_0000L, 1L << 32, 1L << 63, -1}) {
      bench.refused(SET_ATTRIBUTE, bad, 0);
    }
  }

  /** Both clear the screen: one to the colour that was chosen, the other to that which it had at first. */
  @Test
  void aScreenIsClearedAndReset() {
    Bench bench = new Bench(screen());
    int first = bench.attribute();
    bench.good(SET_ATTRIBUTE, first & ~BACKGROUND ^ 2 | ~first & BACKGROUND, 0);
    int chosen = bench.attribute();
    bench.good(SET_CURSOR, 7, 5);
    bench.good(CLEAR_SCREEN, 0, 0);
    assertEquals("0,0", bench.cursor(), "the cursor after ClearScreen");
    assertEquals(chosen, bench.attribute(), "the colours after ClearScreen");
    bench.good(SET_CURSOR, 7, 5);
    bench.good(RESET, 1, 0);
    assertEquals("0,0", bench.cursor(), "the cursor after Reset");
    assertEquals(first & BACKGROUND, bench.attribute() & BACKGROUND, "the background after Reset");
  }

  @Test
  void theCursorIsShownAndHidden() {
    Bench bench = new Bench(screen());
    for (int visible : new int[] {0, 1, 0}) {
      EfiStatus status = bench.call(ENABLE_CURSOR, visible);
      if (status != EfiStatus.UNSUPPORTED) { // not every device can
        assertEquals(EfiStatus.SUCCESS, status, "EnableCursor");
        assertEquals(visible, bench.memory.get8(bench.mode() + 20), "CursorVisible");
      }
    }
  }

  /** Each device has the characters that boxes are drawn with (UEFI 2.10, 12.4.3). */
  @Test
  void whatIsTestedIsNotShown() {
    Bench bench = new Bench(screen());
    String before = bench.described();
    String shown = bench.screen.shown();
    for (String text : new String[] {"", "plain text, 0 to 9", "\r\n",
        "\u2500\u2502\u250c\u2518\u2550\u2551\u2588\u2591", "\u25b2\u25ba\u25bc\u25c4\u2190\u2191"}) {
      assertEquals(EfiStatus.SUCCESS, bench.call(TEST_STRING, bench.text(text)), "TestString");
    }
    assertEquals(before, bench.described(), "after TestString");
    assertEquals(shown, bench.screen.shown(), "after TestString");
  }

  @Test
  void textThatIsNowhereIsRefused() {
    Bench bench = new Bench(screen());
    String before = bench.described();
    String shown = bench.screen.shown();
    for (long at : new long[] {0, NOWHERE, FakeRam.BASE + FakeRam.SIZE, -1}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(OUTPUT_STRING, at), "OutputString");
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(TEST_STRING, at), "TestString");
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(QUERY_MODE, 0, at, bench.rows), "QueryMode");
    }
    assertEquals(before, bench.described());
    assertEquals(shown, bench.screen.shown());
    bench.good(OUTPUT_STRING, bench.text("on"), 0);
    assertNotEquals(shown, bench.screen.shown(), "text after what was refused");
  }
}
