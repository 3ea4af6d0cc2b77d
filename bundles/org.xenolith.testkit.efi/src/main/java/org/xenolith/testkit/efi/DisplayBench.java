// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** How the contract of displays calls one, and sees what it drew. */
final class DisplayBench {
  // Where functions are in EFI_GRAPHICS_OUTPUT_PROTOCOL, and the pointer to its mode (UEFI 2.10, 12.9.2).
  static final int QUERY = 0;
  static final int SET = 8;
  static final int BLT = 16;
  private static final int MODE = 24;
  // EFI_GRAPHICS_OUTPUT_BLT_OPERATION.
  static final int FILL = 0;
  static final int TO_BUFFER = 1;
  static final int FROM_BUFFER = 2;
  static final int WITHIN = 3;
  /** Bytes of EFI_GRAPHICS_OUTPUT_MODE_INFORMATION. */
  private static final int INFORMATION = 36;
  private static final int RED_FIRST = 0;
  private static final int BLUE_FIRST = 1;
  private static final int UNWRITTEN = 0xA5A5_A5A5;
  /** Red, green and blue of a pixel; what is in its fourth byte is nobody's. */
  private static final int COLOURS = 0xFF_FFFF;
  /** Pixels before and behind a buffer that nobody may touch. */
  static final int GUARD = 64;

  final GraphicsOutputContract.Display display;
  final EfiRam memory;
  final long room;
  /** Room for the pixels of the mode that the display is in at first, with guards. */
  final long buffer;
  /** Whether AllocatePool fails. */
  boolean isFull;
  private final Set<Long> pool = new HashSet<>();
  private final Random random = new Random(3);
  private final int most;
  private final long copy;

  DisplayBench(GraphicsOutputContract.Display display) {
    this.display = display;
    memory = display.firmware().memory();
    display.firmware().service(BootService.ALLOCATE_POOL, call -> {
      if (isFull) {
        return EfiStep.done(EfiStatus.OUT_OF_RESOURCES);
      }
      long given = display.firmware().room((int) call.argument(1));
      pool.add(given);
      memory.put64(call.argument(2), given);
      return EfiStep.done();
    });
    room = display.firmware().room(64);
    int pixels = width() * height();
    for (int mode = 0; mode < modes(); mode++) {
      byte[] modeInformation = modeInformation(mode);
      pixels = Math.max(pixels, number(modeInformation, 4) * number(modeInformation, 8));
    }
    most = pixels;
    copy = display.firmware().room(4 * most);
    buffer = display.firmware().room(4 * (width() * height() + 2 * GUARD)) + 4 * GUARD;
  }

  EfiStatus call(int function, long... arguments) {
    return ProtocolCall.status(display.firmware(), display.protocol(), function, arguments);
  }

  /** Blt with the buffer. */
  EfiStatus blt(long operation, long fromX, long fromY, long toX, long toY, long width, long height, long delta) {
    return call(BLT, buffer, operation, fromX, fromY, toX, toY, width, height, delta);
  }

  private long current() {
    return memory.get64(display.protocol() + MODE);
  }

  private long information(int at) {
    return memory.get32(memory.get64(current() + 8) + at);
  }

  int modes() {
    return (int) memory.get32(current());
  }

  int mode() {
    return (int) memory.get32(current() + 4);
  }

  int width() {
    return (int) information(4);
  }

  int height() {
    return (int) information(8);
  }

  static int number(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  /** What QueryMode tells of a mode; sees that it is in memory of its own, and that nothing else is written. */
  byte[] modeInformation(int mode) {
    long[] cells = new long[8];
    Arrays.fill(cells, UNWRITTEN);
    for (int i = 0; i < cells.length; i++) {
      memory.put64(room + 8L * i, cells[i]);
    }
    pool.clear();
    assertEquals(EfiStatus.SUCCESS, call(QUERY, mode, room + 16, room + 40), "QueryMode " + mode);
    long size = memory.get64(room + 16);
    long modeInformation = memory.get64(room + 40);
    cells[2] = size;
    cells[5] = modeInformation;
    for (int i = 0; i < cells.length; i++) {
      assertEquals(cells[i], memory.get64(room + 8L * i), "around what QueryMode says");
    }
    assertTrue(size >= INFORMATION, "information of " + size + " bytes");
    assertTrue(pool.contains(modeInformation), "the caller frees what QueryMode gave; it is none of AllocatePool's");
    return memory.read(modeInformation, (int) size);
  }

  /** Whether the mode is that one, and what the protocol says of it is what QueryMode tells. */
  void isConsistent(int mode) {
    assertEquals(mode, mode(), "the mode that the display is in");
    byte[] modeInformation = modeInformation(mode);
    assertEquals(modeInformation.length, memory.get64(current() + 16), "size of mode " + mode + "'s information");
    assertArrayEquals(modeInformation, memory.read(memory.get64(current() + 8), modeInformation.length), "information of mode " + mode);
    if (isVisible()) {
      assertEquals(4 * information(32) * height(), memory.get64(current() + 32), "bytes of mode " + mode + "'s frame buffer");
    }
  }

  private boolean isVisible() { return information(12) == RED_FIRST || information(12) == BLUE_FIRST; }

  int[] random(int count) {
    return random.ints(count).map(each -> each & COLOURS).toArray();
  }

  void pixels(long at, int... pixels) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(pixels);
    memory.write(at, bytes.array());
  }

  private int[] read(long at, int count) {
    int[] pixels = new int[count];
    ByteBuffer.wrap(memory.read(at, 4 * count)).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(pixels);
    return pixels;
  }

  /** Draws something else in each pixel, and sees that it is there. */
  int[] paint() {
    int[] screen = random(width() * height());
    pixels(copy, screen);
    assertEquals(EfiStatus.SUCCESS, call(BLT, copy, FROM_BUFFER, 0, 0, 0, 0, width(), height(), 0), "draws all");
    assertArrayEquals(screen, screen(), "what was drawn");
    return screen;
  }

  /** What the screen shows; sees that a frame buffer shows the same. */
  int[] screen() {
    int count = width() * height();
    assertTrue(count <= most, "a mode of " + width() + " by " + height());
    assertEquals(EfiStatus.SUCCESS, call(BLT, copy, TO_BUFFER, 0, 0, 0, 0, width(), height(), 0), "reads all");
    int[] screen = Arrays.stream(read(copy, count)).map(each -> each & COLOURS).toArray();
    if (isVisible()) {
      for (int y = 0; y < height(); y++) {
        int[] row = read(memory.get64(current() + 24) + 4L * y * information(32), width());
        boolean swapped = information(12) == RED_FIRST;
        assertArrayEquals(Arrays.copyOfRange(screen, y * width(), (y + 1) * width()), Arrays.stream(row).map(
            each -> (swapped ? Integer.reverseBytes(each) >>> 8 : each) & COLOURS).toArray(), "row " + y + " of the frame buffer");
      }
    }
    return screen;
  }

  /** Fills the buffer and what is around it; that. */
  int[] guarded() {
    int[] pixels = new int[width() * height() + 2 * GUARD];
    Arrays.fill(pixels, UNWRITTEN & COLOURS);
    pixels(buffer - 4 * GUARD, pixels);
    return pixels;
  }

  /** The buffer and what is around it. */
  int[] withGuards() {
    return Arrays.stream(read(buffer - 4 * GUARD, width() * height() + 2 * GUARD)).map(each -> each & COLOURS).toArray();
  }

  /** Copies a rectangle from one picture to another, each with rows of its own length. */
  static void copy(int[] from, int at, int[] to, int where, int width, int height, int fromRow, int toRow) {
    for (int y = 0; y < height; y++) {
      System.arraycopy(from, at + y * fromRow, to, where + y * toRow, width);
    }
  }
}
