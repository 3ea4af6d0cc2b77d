// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ramfb;

import java.nio.ByteBuffer;
import org.xenolith.console.api.Picture;
import org.xenolith.machine.api.DmaPort;

/**
 * What the guest has said of its frame buffer: seven numbers, big-endian. Source: QEMU, hw/display/ramfb.c (RAMFBCfg); Linux,
 * include/uapi/drm/drm_fourcc.h.
 *
 * @param address of the first pixel
 * @param format  as four letters, the first in the low byte
 * @param width   pixels in a row
 * @param height  rows
 * @param stride  bytes from one row to the next; 0: as many as a row has
 */
record FrameBuffer(long address, int format, long width, long height, long stride) {
  /** Bytes that describe one. */
  static final int SIZE = 28;
  /** Most pixels in a row, and most rows. */
  static final int MOST = 4096;
  private static final int LEAST = 16;
  /** 32 bits: blue, green, red, and a byte that says nothing, {@code XR24}. */
  private static final int XRGB = 0x3432_5258;
  /** The same with transparency, behind which there is nothing: {@code AR24}. */
  private static final int ARGB = 0x3432_5241;
  private static final int PIXEL = 4;

  /** Reads a description. */
  static FrameBuffer of(byte[] described) {
    ByteBuffer in = ByteBuffer.wrap(described);
    long address = in.getLong();
    int format = in.getInt();
    in.getInt(); // flags: none is defined
    return new FrameBuffer(address, format, Integer.toUnsignedLong(in.getInt()), Integer.toUnsignedLong(in.getInt()), Integer
        .toUnsignedLong(in.getInt()));
  }

  /** Whether there is none: a display that is off. */
  boolean isOff() { return address == 0 && width == 0 && height == 0; }

  /** What is wrong with it, apart from where it lies; null if nothing is. */
  String complaint() {
    if (format != XRGB && format != ARGB) {
      return "pixels of the format 0x" + Integer.toHexString(format) + "; there are XR24 (0x34325258) and AR24 (0x34325241)";
    }
    if (width < LEAST || height < LEAST || width > MOST || height > MOST) {
      return width + " by " + height + " pixels; possible are " + LEAST + " to " + MOST;
    }
    return stride != 0 && stride < PIXEL * width ? stride + " bytes in a row of " + width + " pixels" : null;
  }

  private long bytesInARow() {
    return stride == 0 ? PIXEL * width : stride;
  }

  /** Address of its last pixel. */
  long last() {
    return address + (height - 1) * bytesInARow() + PIXEL * (width - 1);
  }

  /** What is in it. @throws org.xenolith.machine.api.ExternalAbort where there is no RAM */
  Picture picture(DmaPort memory) {
    int columns = (int) width;
    int[] pixels = new int[columns * (int) height];
    byte[] row = new byte[PIXEL * columns];
    for (int y = 0; y < height; y++) {
      memory.read(address + y * bytesInARow(), row, 0, row.length);
      for (int x = 0; x < columns; x++) {
        pixels[y * columns + x] = (row[PIXEL * x + 2] & 0xFF) << 16 | (row[PIXEL * x + 1] & 0xFF) << 8 | row[PIXEL * x] & 0xFF;
      }
    }
    return new Picture(columns, (int) height, pixels);
  }
}
