// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import java.util.List;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * A mode of the display, by its number in {@link #ALL}: rows without gaps, four bytes a pixel, blue first (UEFI 2.10, 12.9.2.1).
 *
 * @param width  pixels in a row
 * @param height rows
 */
record GraphicsMode(int width, int height) {
  /** All modes, by number. */
  static final List<GraphicsMode> ALL = List.of(new GraphicsMode(640, 480), new GraphicsMode(800, 600), new GraphicsMode(1024, 768),
      new GraphicsMode(1280, 1024));
  /** Number of the mode in which the display is when a driver starts. */
  static final int FIRST = 1;
  /** Bytes of a pixel. */
  static final int PIXEL = 4;
  /** Bytes of EFI_GRAPHICS_OUTPUT_MODE_INFORMATION. */
  static final int INFORMATION = 36;
  /** Bytes of EFI_GRAPHICS_OUTPUT_PROTOCOL_MODE. */
  static final int SIZE = 40;
  /** PixelBlueGreenRedReserved8BitPerColor. */
  private static final int BLUE_GREEN_RED = 1;

  /** Bytes from one row to the next. */
  int stride() {
    return PIXEL * width;
  }

  /** Bytes of all rows. */
  int bytes() {
    return stride() * height;
  }

  /** Bytes that are enough for each mode. */
  static int mostBytes() {
    return ALL.stream().mapToInt(GraphicsMode::bytes).max().orElseThrow();
  }

  /** Writes EFI_GRAPHICS_OUTPUT_MODE_INFORMATION. */
  void describe(EfiRam memory, long at) {
    memory.clear(at, INFORMATION);
    memory.put32(at + 4, width);
    memory.put32(at + 8, height);
    memory.put32(at + 12, BLUE_GREEN_RED);
    memory.put32(at + 32, width);
  }

  /**
   * Writes EFI_GRAPHICS_OUTPUT_PROTOCOL_MODE, with the information behind it.
   *
   * @param number which mode it is
   * @param frames address of the frame buffer
   */
  static void describe(EfiRam memory, long at, int number, long frames) {
    GraphicsMode mode = ALL.get(number);
    memory.put32(at, ALL.size());
    memory.put32(at + 4, number);
    memory.put64(at + 8, at + SIZE);
    memory.put64(at + 16, INFORMATION);
    memory.put64(at + 24, frames);
    memory.put64(at + 32, mode.bytes());
    mode.describe(memory, at + SIZE);
  }
}
