// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.testkit.efi.DisplayBench.FILL;
import static org.xenolith.testkit.efi.DisplayBench.FROM_BUFFER;
import static org.xenolith.testkit.efi.DisplayBench.TO_BUFFER;
import static org.xenolith.testkit.efi.DisplayBench.WITHIN;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/** What EFI_GRAPHICS_OUTPUT_PROTOCOL must keep (UEFI 2.10, 12.9), in modes of 16 by 8 pixels or more. */
public abstract class GraphicsOutputContract {
  private static final long NOWHERE = 0x10;
  /** Says something where an operation doesn't look. */
  private static final long UNUSED = -3;

  /** A display. */
  public interface Display {
    /** The firmware that it is in. */
    FakeFirmware firmware();

    /** Address of EFI_GRAPHICS_OUTPUT_PROTOCOL. */
    long protocol();

    /** What shows the pixels takes no mode from now on. */
    void fails();
  }

  /** A new one. */
  protected abstract Display display();

  private DisplayBench bench() {
    return new DisplayBench(display());
  }

  /** Rectangles of a screen: all of it, its corners, its edges and what is within. */
  private static int[][] rectangles(int width, int height) {
    return new int[][] {{0, 0, width, height}, {0, 0, 1, 1}, {width - 1, height - 1, 1, 1}, {0, height - 1, width, 1}, {width - 1, 0, 1,
        height}, {3, 2, width - 5, height - 3}};
  }

  private static String name(long[] rectangle) {
    return Arrays.toString(rectangle);
  }

  @Test
  void everyModeIsToldOfInMemoryOfTheCallers() {
    DisplayBench bench = bench();
    int modes = bench.modes();
    assertTrue(modes > 0, "no modes");
    for (int mode = 0; mode < modes; mode++) {
      byte[] modeInformation = bench.modeInformation(mode);
      assertArrayEquals(modeInformation, bench.modeInformation(mode), "mode " + mode + " once more");
      assertEquals(0, DisplayBench.number(modeInformation, 0), "version of what is told of mode " + mode);
      int width = DisplayBench.number(modeInformation, 4);
      assertTrue(width > 0 && DisplayBench.number(modeInformation, 8) > 0, "mode " + mode + " has no pixels");
      assertTrue(DisplayBench.number(modeInformation, 12) >= 0 && DisplayBench.number(modeInformation, 12) <= 3, "format of mode " + mode);
      assertTrue(DisplayBench.number(modeInformation, 32) >= width, "mode " + mode + " has longer rows than it has room for");
    }
  }

  @Test
  void theModeIsTheOneThatWasSet() {
    DisplayBench bench = bench();
    bench.isConsistent(bench.mode());
    for (int mode = bench.modes() - 1; mode >= 0; mode--) {
      assertEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.SET, mode));
      bench.isConsistent(mode);
    }
  }

  @Test
  void whatIsSetIsBlack() {
    DisplayBench bench = bench();
    for (int mode = 0; mode < bench.modes(); mode++) {
      for (int once = 0; once < 2; once++) {
        assertEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.SET, mode));
        assertArrayEquals(new int[bench.width() * bench.height()], bench.screen(), "mode " + mode);
        bench.paint();
      }
    }
  }

  @Test
  void aModeThatIsntThereIsRefused() {
    DisplayBench bench = bench();
    int before = bench.mode();
    int[] shown = bench.paint();
    for (long mode : new long[] {bench.modes(), bench.modes() + 1L, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL}) {
      assertEquals(EfiStatus.UNSUPPORTED, bench.call(DisplayBench.SET, mode), "SetMode " + mode);
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(DisplayBench.QUERY, mode, bench.room, bench.room + 8), "QueryMode " + mode);
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(DisplayBench.QUERY, before, 0, bench.room), "no size");
    assertEquals(EfiStatus.INVALID_PARAMETER, bench.call(DisplayBench.QUERY, before, bench.room, 0), "no information");
    assertNotEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.QUERY, before, NOWHERE, bench.room), "a size where nothing is");
    assertNotEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.QUERY, before, bench.room, FakeRam.BASE + FakeRam.SIZE - 7),
        "information where nothing is");
    bench.isConsistent(before);
    assertArrayEquals(shown, bench.screen());
  }

  @Test
  void withoutMemoryNothingIsTold() {
    DisplayBench bench = bench();
    bench.isFull = true;
    assertNotEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.QUERY, 0, bench.room, bench.room + 8));
    bench.isFull = false;
    bench.modeInformation(0);
  }

  /** What else is in a register is unspecified (AAPCS64, 6.8.2). */
  @Test
  void modesAndOperationsAreNumbersOf32Bits() {
    DisplayBench bench = bench();
    long high = 0xABCD_0000_0000L;
    assertEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.QUERY, high, bench.room, bench.room + 8));
    assertEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.SET, high | bench.mode()));
    assertEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.BLT, bench.buffer, high | FROM_BUFFER, 0, 0, 0, 0, 1, 1, 0));
  }

  @Test
  void aModeThatIsntTakenChangesNothing() {
    DisplayBench bench = bench();
    int before = bench.mode();
    bench.display.fails();
    assertEquals(EfiStatus.DEVICE_ERROR, bench.call(DisplayBench.SET, (before + 1) % bench.modes()));
    bench.isConsistent(before);
  }

  @Test
  void oneColourFillsItsRectangle() {
    DisplayBench bench = bench();
    int[] screen = bench.paint();
    int colour = 0x10203;
    for (int[] each : rectangles(bench.width(), bench.height())) {
      colour += 0x11_2233;
      bench.pixels(bench.buffer, colour, ~colour);
      assertEquals(EfiStatus.SUCCESS, bench.blt(FILL, UNUSED, UNUSED, each[0], each[1], each[2], each[3], UNUSED));
      for (int y = 0; y < each[3]; y++) {
        Arrays.fill(screen, (each[1] + y) * bench.width() + each[0], (each[1] + y) * bench.width() + each[0] + each[2], colour);
      }
      assertArrayEquals(screen, bench.screen(), () -> "filled " + Arrays.toString(each));
    }
  }

  @Test
  void aBuffersRectangleIsDrawn() {
    DisplayBench bench = bench();
    int width = bench.width();
    int[] screen = bench.paint();
    for (int[] each : rectangles(width, bench.height())) {
      int[] buffer = bench.random(width * bench.height());
      bench.pixels(bench.buffer, buffer);
      int x = width - each[0] - each[2];
      int y = bench.height() - each[1] - each[3];
      assertEquals(EfiStatus.SUCCESS, bench.blt(FROM_BUFFER, x, y, each[0], each[1], each[2], each[3], 4 * width));
      DisplayBench.copy(buffer, y * width + x, screen, each[1] * width + each[0], each[2], each[3], width, width);
      assertArrayEquals(screen, bench.screen(), () -> "drawn " + Arrays.toString(each));
    }
  }

  @Test
  void theScreensRectangleIsRead() {
    DisplayBench bench = bench();
    int width = bench.width();
    int[] screen = bench.paint();
    for (int[] each : rectangles(width, bench.height())) {
      int[] buffer = bench.guarded();
      int x = width - each[0] - each[2];
      int y = bench.height() - each[1] - each[3];
      assertEquals(EfiStatus.SUCCESS, bench.blt(TO_BUFFER, each[0], each[1], x, y, each[2], each[3], 4 * width));
      DisplayBench.copy(screen, each[1] * width + each[0], buffer, DisplayBench.GUARD + y * width + x, each[2], each[3], width, width);
      assertArrayEquals(buffer, bench.withGuards(), () -> "read " + Arrays.toString(each));
    }
    assertArrayEquals(screen, bench.screen(), "what was only read");
  }

  /** Without a length a buffer's row has as many pixels as the rectangle, and none lies before it. */
  @Test
  void aBufferWithoutALengthHasNoGaps() {
    DisplayBench bench = bench();
    int width = bench.width();
    int[] screen = bench.paint();
    int[] buffer = bench.guarded();
    assertEquals(EfiStatus.SUCCESS, bench.blt(TO_BUFFER, 2, 1, 0, 0, 5, 4, 0));
    DisplayBench.copy(screen, width + 2, buffer, DisplayBench.GUARD, 5, 4, width, 5);
    assertArrayEquals(buffer, bench.withGuards(), "read");
    assertEquals(EfiStatus.SUCCESS, bench.blt(FROM_BUFFER, 0, 0, 4, 3, 5, 4, 0));
    DisplayBench.copy(buffer, DisplayBench.GUARD, screen, 3 * width + 4, 5, 4, 5, width);
    assertArrayEquals(screen, bench.screen(), "drawn");
  }

  @Test
  void aRectangleMovesWhereItWas() {
    DisplayBench bench = bench();
    int width = bench.width();
    int[] screen = bench.paint();
    for (int dy = -1; dy <= 1; dy++) {
      for (int dx = -1; dx <= 1; dx++) {
        int at = (2 + dy) * width + 2 + dx;
        assertEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.BLT, 0, WITHIN, 2, 2, 2 + dx, 2 + dy, width - 4, bench.height() - 4,
            UNUSED));
        DisplayBench.copy(screen.clone(), 2 * width + 2, screen, at, width - 4, bench.height() - 4, width, width);
        assertArrayEquals(screen, bench.screen(), "moved by " + dx + ", " + dy);
      }
    }
  }

  /** A status says that all of a rectangle was drawn; so of what isn't wholly on the screen it can't. */
  @Test
  void whatIsntOnTheScreenIsRefused() {
    DisplayBench bench = bench();
    int[] screen = bench.paint();
    bench.pixels(bench.buffer, bench.random(screen.length));
    long width = bench.width();
    long height = bench.height();
    long[][] rectangles = {{width, 0, 1, 1}, {0, height, 1, 1}, {1, 0, width, 1}, {0, 1, 1, height}, {0, 0, width + 1, 1}, {-1, 0, 2, 1},
        {0, -1, 1, 2}, {1, 0, -1, 1}, {0, 1, 1, -1}, {0, 0, 1L << 62, 1}, {0, 0, 1, Long.MIN_VALUE}, {Long.MAX_VALUE, 0, 2, 1}, {1L << 32,
            0, 1, 1}, {0, 1L << 32, 1, 1}, {1L << 62, 0, 1, 1}, {0, 0, 1L << 32 | 1, 1}, {0, 0, 1, 1L << 32 | 1}};
    for (long[] each : rectangles) {
      for (int operation : new int[] {FILL, FROM_BUFFER, WITHIN}) {
        assertNotEquals(EfiStatus.SUCCESS, bench.blt(operation, 0, 0, each[0], each[1], each[2], each[3], 0), () -> operation + " to "
            + name(each));
      }
      for (int operation : new int[] {TO_BUFFER, WITHIN}) {
        assertNotEquals(EfiStatus.SUCCESS, bench.blt(operation, each[0], each[1], 0, 0, each[2], each[3], 0), () -> operation + " from "
            + name(each));
      }
    }
    assertArrayEquals(screen, bench.screen());
  }

  @Test
  void anEmptyRectangleIsNothing() {
    DisplayBench bench = bench();
    int[] screen = bench.paint();
    int[] buffer = bench.guarded();
    for (int operation : new int[] {FILL, TO_BUFFER, FROM_BUFFER, WITHIN}) {
      for (int[] size : new int[][] {{0, 0}, {0, 3}, {3, 0}}) {
        EfiStatus status = bench.blt(operation, 1, 1, 0, 0, size[0], size[1], 0);
        assertTrue(status == EfiStatus.SUCCESS || status == EfiStatus.INVALID_PARAMETER, operation + " of nothing: " + status);
      }
    }
    assertArrayEquals(buffer, bench.withGuards());
    assertArrayEquals(screen, bench.screen());
  }

  @Test
  void anotherOperationIsInvalid() {
    DisplayBench bench = bench();
    int[] screen = bench.paint();
    for (long operation : new long[] {4, 5, 0x7FFF_FFFF, 0x8000_0000L, 0xFFFF_FFFFL}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, bench.blt(operation, 0, 0, 1, 1, 2, 2, 0), "operation " + operation);
    }
    assertArrayEquals(screen, bench.screen());
  }

  @Test
  void aBufferWhereThereIsNoMemoryIsRefused() {
    DisplayBench bench = bench();
    int[] screen = bench.paint();
    long end = FakeRam.BASE + FakeRam.SIZE;
    for (long place : new long[] {0, NOWHERE, FakeRam.BASE - 4, end - 2, end, -4, -1, 1L << 60}) {
      for (int operation : new int[] {FILL, TO_BUFFER, FROM_BUFFER}) {
        assertNotEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.BLT, place, operation, 0, 0, 0, 0, 1, 1, 0), operation
            + " of a buffer at 0x" + Long.toHexString(place));
      }
    }
    for (int operation : new int[] {TO_BUFFER, FROM_BUFFER}) {
      assertNotEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.BLT, end - 4, operation, 0, 0, 0, 0, 2, 1, 0), operation
          + " over the end");
    }
    assertArrayEquals(screen, bench.screen());
  }

  /** Where a pixel is in a buffer is a sum and a product, which may be no address at all. */
  @Test
  void aBuffersRectangleDoesntComeAroundToItsBeginning() {
    DisplayBench bench = bench();
    int[] screen = bench.paint();
    int[] buffer = bench.guarded();
    long[][] places = {{1L << 62, 0, 0, 1}, {0, 1L << 62, 4, 1}, {0, 1L << 63, 16, 1}, {-1, 0, 0, 1}, {0, -1, 4, 1}, {1, -1, 4, 1}, {0, 1,
        -4, 1}, {0, 0, -4, 2}, {0, 0, Long.MIN_VALUE, 3}, {1L << 62, 1L << 62, 4, 1}, {0, 3, 0x5555_5555_5555_5556L, 1}, {0, 1L << 32,
            1L << 32, 1}};
    for (long[] each : places) {
      assertNotEquals(EfiStatus.SUCCESS, bench.blt(TO_BUFFER, 0, 0, each[0], each[1], 1, each[3], each[2]), () -> "read to " + name(each));
      assertArrayEquals(Arrays.copyOf(buffer, DisplayBench.GUARD), Arrays.copyOf(bench.withGuards(), DisplayBench.GUARD), name(each));
      bench.guarded();
      assertNotEquals(EfiStatus.SUCCESS, bench.blt(FROM_BUFFER, each[0], each[1], 0, 0, 1, each[3], each[2]), () -> "drawn from "
          + name(each));
    }
    long pixels = (bench.buffer + 64) / 4;
    assertNotEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.BLT, -64, TO_BUFFER, 0, 0, pixels, 0, 1, 1, 64), "over the last address");
    assertNotEquals(EfiStatus.SUCCESS, bench.call(DisplayBench.BLT, -64, FROM_BUFFER, pixels, 0, 0, 0, 1, 1, 64), "from there");
    bench.pixels(bench.buffer, screen);
    assertEquals(EfiStatus.SUCCESS, bench.blt(FROM_BUFFER, 0, 0, 0, 0, bench.width(), bench.height(), 0), "afterwards");
    assertArrayEquals(screen, bench.screen());
  }
}
