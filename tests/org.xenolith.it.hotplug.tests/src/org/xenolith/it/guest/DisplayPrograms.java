// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.nio.file.Path;

/** A disk with a program where firmware looks for one, which draws by EFI_GRAPHICS_OUTPUT_PROTOCOL. */
public final class DisplayPrograms {
  /** What it shows each time when it has drawn something. */
  public static final String ONE = "drew";
  /** What it shows at the end. */
  public static final String ALL = "drew it all";
  /** Pixels in a row of its mode. */
  public static final int WIDTH = 640;
  /** Rows of its mode. */
  public static final int HEIGHT = 480;
  /** How often it draws. */
  public static final int TIMES = 40;
  private static final int TILE_WIDTH = 16;
  private static final int TILE_HEIGHT = 8;
  private static final int STEP = 0x4321;
  private static final int FIRST = 0x40;

  /** Sets mode 0; fills a tile further to the right and below each time, and copies it to where its mirror image would be. */
  private static final String PAINTER = """
          adr x0, graphics
          mov x1, #0
          adr x2, place
          ldr x9, [x20, #320]
          blr x9
          cbnz x0, leave
          adr x21, place
          ldr x21, [x21]
          mov x0, x21
          mov x1, #0
          ldr x9, [x21, #8]
          blr x9
          cbnz x0, leave
          mov w23, #0
          sub sp, sp, #16
      again:
          mov w9, #0x4321
          mul w9, w9, w23
          add w9, w9, #0x40
          adr x1, pixel
          str w9, [x1]
          mov x9, #8
          str x9, [sp]
          str xzr, [sp, #8]
          mov x0, x21
          mov x2, #0
          mov x3, #0
          mov x4, #0
          lsl x5, x23, #4
          lsl x6, x23, #3
          mov x7, #16
          ldr x9, [x21, #16]
          blr x9
          cbnz x0, failed
          mov x9, #8
          str x9, [sp]
          str xzr, [sp, #8]
          mov x0, x21
          mov x1, #0
          mov x2, #3
          lsl x3, x23, #4
          lsl x4, x23, #3
          mov x5, #624
          sub x5, x5, x3
          mov x6, #472
          sub x6, x6, x4
          mov x7, #16
          ldr x9, [x21, #16]
          blr x9
          cbnz x0, failed
          adr x1, one
          bl print
          add w23, w23, #1
          cmp w23, #40
          b.ne again
          adr x1, goodbye
          bl print
      failed:
          add sp, sp, #16
          b leave
      """;

  private DisplayPrograms() {}

  /** A disk with the program. */
  public static Path painter(Path folder) throws IOException {
    return DiskPrograms.disk(folder, "painter.img", DiskPrograms.program(PAINTER, "one: " + DiskPrograms.text(ONE) + "goodbye: "
        + DiskPrograms.text(ALL) + ".balign 8\nplace: .quad 0\npixel: .quad 0\n"
        + "graphics: .quad 0x4a3823dc9042a9de, 0x6a5180d0de7afb96\n"));
  }

  /** What is on the display when it has drawn so often. */
  public static int[] pixels(int times) {
    int[] pixels = new int[WIDTH * HEIGHT];
    for (int i = 0; i < times; i++) {
      fill(pixels, i * TILE_WIDTH, i * TILE_HEIGHT, FIRST + i * STEP);
      fill(pixels, WIDTH - (i + 1) * TILE_WIDTH, HEIGHT - (i + 1) * TILE_HEIGHT, FIRST + i * STEP);
    }
    return pixels;
  }

  private static void fill(int[] pixels, int left, int top, int color) {
    for (int y = top; y < top + TILE_HEIGHT; y++) {
      for (int x = left; x < left + TILE_WIDTH; x++) {
        pixels[y * WIDTH + x] = color;
      }
    }
  }
}
