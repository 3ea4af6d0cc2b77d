// SPDX-License-Identifier: EPL-2.0
package org.xenolith.console.api;

/**
 * What a display shows at one moment.
 *
 * @param width  pixels in a row
 * @param height rows
 * @param pixels row by row from the top, each 0xRRGGBB; nobody changes them
 */
public record Picture(int width, int height, int[] pixels) {
  /** Refuses what is no picture. */
  public Picture {
    if (width < 1 || height < 1 || pixels.length != (long) width * height) {
      throw new IllegalArgumentException(width + " by " + height + " with " + pixels.length + " pixels");
    }
  }

  /** The pixel in a column of a row, counted from the upper left: 0xRRGGBB. */
  public int at(int x, int y) {
    return pixels[y * width + x];
  }
}
