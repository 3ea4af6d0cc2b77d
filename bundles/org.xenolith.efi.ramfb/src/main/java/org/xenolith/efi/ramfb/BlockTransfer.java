// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * Blt of the graphics output protocol: moves rectangles of pixels between a frame buffer and a caller's buffer (UEFI 2.10, 12.9.2.4). Pixels are the same in
 * both.
 */
final class BlockTransfer {
  private static final int FILL = 0;
  private static final int TO_BUFFER = 1;
  private static final int FROM_BUFFER = 2;
  private static final int WITHIN = 3;
  private static final int PIXEL = GraphicsMode.PIXEL;

  private final EfiRam memory;
  private final GraphicsMode mode;
  private final long frames;
  private final long buffer;
  private final long sourceX;
  private final long sourceY;
  private final long targetX;
  private final long targetY;
  private final long width;
  private final long height;
  private final long delta;

  /** The arguments of a call. */
  BlockTransfer(Call call, GraphicsMode mode, long frames) {
    memory = call.firmware().memory();
    this.mode = mode;
    this.frames = frames;
    buffer = call.argument(1);
    sourceX = call.argument(3);
    sourceY = call.argument(4);
    targetX = call.argument(5);
    targetY = call.argument(6);
    width = call.argument(7);
    height = call.argument(8);
    delta = call.argument(9) == 0 ? PIXEL * width : call.argument(9);
  }

  /** Does it. @param operation EFI_GRAPHICS_OUTPUT_BLT_OPERATION @throws EfiError INVALID_PARAMETER */
  void perform(int operation) {
    switch (operation) {
      case FILL -> {
        needsBuffer();
        onScreen(targetX, targetY);
        fill();
      }
      case TO_BUFFER -> {
        needsBuffer();
        onScreen(sourceX, sourceY);
        for (long y = 0; y < height; y++) {
          memory.write(inBuffer(targetX, targetY + y), row(sourceX, sourceY + y));
        }
      }
      case FROM_BUFFER -> {
        needsBuffer();
        onScreen(targetX, targetY);
        for (long y = 0; y < height; y++) {
          memory.write(at(targetX, targetY + y), memory.read(inBuffer(sourceX, sourceY + y), (int) (PIXEL * width)));
        }
      }
      case WITHIN -> {
        onScreen(sourceX, sourceY);
        onScreen(targetX, targetY);
        // What is copied downwards would overwrite rows that are still to be copied.
        for (long i = 0; i < height; i++) {
          long y = targetY > sourceY ? height - 1 - i : i;
          memory.write(at(targetX, targetY + y), row(sourceX, sourceY + y));
        }
      }
      default -> throw new EfiError(EfiStatus.INVALID_PARAMETER, "Blt operation " + Integer.toUnsignedString(operation));
    }
  }

  private void needsBuffer() {
    if (buffer == 0) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "Blt without a buffer");
    }
  }

  private void onScreen(long x, long y) {
    if (!fits(x, width, mode.width()) || !fits(y, height, mode.height())) {
      throw new EfiError(EfiStatus.INVALID_PARAMETER, "a rectangle that isn't on the screen");
    }
  }

  private static boolean fits(long from, long length, int whole) {
    return length > 0 && from >= 0 && from <= whole - length;
  }

  private long at(long x, long y) {
    return frames + y * mode.stride() + PIXEL * x;
  }

  /** A pixel of the buffer; one that is too far behind its beginning lies nowhere, and must not come around to where memory is. */
  private long inBuffer(long x, long y) {
    if (x >= 0 && y >= 0 && (delta >= 0 || y == 0)) {
      try {
        long place = buffer + Math.addExact(Math.multiplyExact(y, delta), Math.multiplyExact(PIXEL, x));
        if (Long.compareUnsigned(place, buffer) >= 0) {
          return place;
        }
      } catch (ArithmeticException e) {
        // It is the same as a number that is too large.
      }
    }
    throw new EfiError(EfiStatus.INVALID_PARAMETER, "a rectangle that isn't in any buffer");
  }

  private byte[] row(long x, long y) {
    return memory.read(at(x, y), (int) (PIXEL * width));
  }

  private void fill() {
    byte[] pixel = memory.read(buffer, PIXEL);
    byte[] row = new byte[(int) (PIXEL * width)];
    for (int i = 0; i < row.length; i++) {
      row[i] = pixel[i % PIXEL];
    }
    for (long y = 0; y < height; y++) {
      memory.write(at(targetX, targetY + y), row);
    }
  }
}
